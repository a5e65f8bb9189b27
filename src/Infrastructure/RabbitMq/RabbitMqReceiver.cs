using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// Reads one partition's queue: the broker pushes messages here, up to the prefetch, and Orleans's agent takes them
/// when it is ready. It acknowledges what was handled, puts aside what was refused, and goes on by itself
/// when the broker was away.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Shutdown is the end of it.")]
internal sealed partial class RabbitMqReceiver(
    QueueId partition,
    RabbitMqSignal signal,
    RabbitMqConnections connections,
    RabbitMqTopology topology,
    RabbitMqMessages messages,
    RabbitMqDeadLetters deadLetters,
    IOptions<RabbitMqOptions> options,
    TimeProvider clock,
    ILogger<RabbitMqReceiver> logger) : IQueueAdapterReceiver
{
    private readonly RabbitMqOptions _options = options.Value;
    private readonly string _queue = topology.Names.Queue(partition);
    private readonly string _label = RabbitMqNames.Partition(partition);
    private readonly ConcurrentQueue<RabbitMqDelivery> _received = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _number = clock.GetUtcNow().Ticks;

    /// <summary>Begins to read. It does not wait for the broker: a silo starts without it.</summary>
    public Task Initialize(TimeSpan timeout)
    {
        _running = Task.Run(() => RunAsync(_stopping.Token));
        return Task.CompletedTask;
    }

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) =>
        GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        var taken = Take(maxCount);
        if (taken.Count > 0 || _stopping.IsCancellationRequested)
            return taken;
        await signal.WaitAsync(_options.IdleWait, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return Take(maxCount);
    }

    public async Task MessagesDeliveredAsync(IList<IBatchContainer> messages)
    {
        foreach (var batch in messages.Cast<RabbitMqBatch>())
        {
            if (batch.Delivery is { IsLost: false } delivery)
                await SettleAsync(delivery);
        }
    }

    /// <summary>Stops reading: what was not acknowledged goes back to the queue with the channel.</summary>
    public async Task Shutdown(TimeSpan timeout)
    {
        await _stopping.CancelAsync();
        signal.Give();
        await _running.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _received.Clear();
        RabbitMqMetrics.Depth.RemoveLabelled(_label);
        RabbitMqMetrics.LastAgeSeconds.RemoveLabelled(_label);
        if (partition.GetNumericId() == 0)
            RabbitMqMetrics.DeadLetters.Unpublish();
    }

    private List<IBatchContainer> Take(int countMax)
    {
        var taken = new List<IBatchContainer>();
        while (taken.Count < countMax && _received.TryDequeue(out var delivery))
        {
            if (delivery.IsLost)
                continue;
            delivery.Batch.Receive(delivery, ++_number);
            taken.Add(delivery.Batch);
        }

        return taken;
    }

    private async Task SettleAsync(RabbitMqDelivery delivery)
    {
        try
        {
            if (delivery.Outcome == RabbitMqOutcome.Unclaimed || !await IsOffOurHandsAsync(delivery))
            {
                await delivery.Channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true);
                return;
            }

            await delivery.Channel.BasicAckAsync(delivery.Tag, multiple: false);
            RabbitMqMetrics.Acknowledged.Inc();
            RabbitMqMetrics.AgeSeconds.Observe(Math.Max(0, (clock.GetUtcNow() - delivery.PublishedAt).TotalSeconds));
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or ObjectDisposedException
            or OperationCanceledException)
        {
            // Its channel ended just now, so the broker delivers it again.
            LogNotSettled(_queue, delivery.Tag, e);
        }
    }

    /// <summary>What a consumer refused counts only once it is in the dead-letter queue.</summary>
    private async Task<bool> IsOffOurHandsAsync(RabbitMqDelivery delivery)
    {
        if (delivery.Outcome != RabbitMqOutcome.Refused)
            return true;
        try
        {
            await deadLetters.SendAsync(
                _queue,
                RabbitMqDeadLetters.Undeliverable,
                $"{delivery.Failures} deliveries to {delivery.Batch.StreamId} failed; the log of "
                    + $"{Environment.MachineName} says why.",
                delivery.Properties,
                delivery.Body);
            return true;
        }
        catch (RabbitMqUnavailableException e)
        {
            LogNotPutAside(_queue, e);
            return false;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, reading begins again after a pause.")]
    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(await connections.Consuming.OpenedAsync(stopping), stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogInterrupted(_queue, e);
            }

            await Task.Delay(_options.ReconnectDelayMin, clock, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads until the channel ends, for whatever reason.</summary>
    private async Task ReadAsync(IConnection connection, CancellationToken stopping)
    {
        await topology.DeclareAsync(connection, [partition], stopping);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            ended.TrySetResult(reason.ReplyText);
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, (ushort)_options.Prefetch, global: false, stopping);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, arrived) => ReceiveAsync(channel, arrived);
        consumer.UnregisteredAsync += (_, _) =>
        {
            ended.TrySetResult("The queue was deleted, or its leader is away.");
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, stopping);
        LogReading(_queue);
        while (!ended.Task.IsCompleted)
        {
            if (!await IsReadAsync(channel, stopping))
                ended.TrySetResult("The broker has forgotten who reads it.");
            await Task.WhenAny(ended.Task, Task.Delay(_options.DepthPeriod, clock, stopping));
            stopping.ThrowIfCancellationRequested();
        }

        LogEnded(_queue, await ended.Task);
        await channel.AbortAsync(CancellationToken.None);
    }

    /// <summary>
    /// Measures the queue, and says whether anybody reads it: of a queue that was deleted and made again, a reader is
    /// not always told.
    /// </summary>
    private async Task<bool> IsReadAsync(IChannel channel, CancellationToken stopping)
    {
        var queue = await channel.QueueDeclarePassiveAsync(_queue, stopping);
        RabbitMqMetrics.Depth.WithLabels(_label).Set(queue.MessageCount);
        if (partition.GetNumericId() == 0)
            RabbitMqMetrics.DeadLetters.Set(await channel.MessageCountAsync(topology.Names.DeadLetters, stopping));
        return queue.ConsumerCount > 0;
    }

    private async Task ReceiveAsync(IChannel channel, BasicDeliverEventArgs arrived)
    {
        RabbitMqMetrics.Received.Inc();
        if (arrived.Redelivered)
            RabbitMqMetrics.Redelivered.Inc();

        // The client uses its buffer again once this returns.
        var body = arrived.Body.ToArray();
        var properties = new BasicProperties(arrived.BasicProperties);
        RabbitMqBatch batch;
        try
        {
            batch = messages.Read(properties, body);
        }
        catch (Exception e)
        {
            await PutAsideAsync(channel, arrived.DeliveryTag, properties, body, e);
            return;
        }

        var publishedAt = messages.PublishedAt(properties);
        RabbitMqMetrics.LastAgeSeconds.WithLabels(_label).Set((clock.GetUtcNow() - publishedAt).TotalSeconds);
        _received.Enqueue(new RabbitMqDelivery(
            channel,
            arrived.DeliveryTag,
            RabbitMqMessages.EarlierDeliveries(properties, arrived.Redelivered),
            publishedAt,
            batch,
            properties,
            body));
        signal.Give();
    }

    private async Task PutAsideAsync(
        IChannel channel, ulong tag, BasicProperties properties, byte[] body, Exception cause)
    {
        try
        {
            await deadLetters.SendAsync(
                _queue, RabbitMqDeadLetters.Unreadable, $"{cause.GetType().Name}: {cause.Message}", properties, body);
            await channel.BasicAckAsync(tag, multiple: false);
        }
        catch (RabbitMqUnavailableException e)
        {
            LogNotPutAside(_queue, e);
            await channel.BasicNackAsync(tag, multiple: false, requeue: true);
        }
    }
}
