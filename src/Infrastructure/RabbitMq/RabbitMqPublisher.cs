using System.Diagnostics;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// Publishes with confirmation: a message is done when a majority of its queue's members have it on disk. Many
/// are in flight on one channel, in the order in which they were handed over.
/// </summary>
internal sealed class RabbitMqPublisher(
    RabbitMqConnections connections, RabbitMqTopology topology, IOptions<RabbitMqOptions> options) : IDisposable
{
    private readonly RabbitMqConnection _connection = connections.Publishing;
    private readonly RabbitMqOptions _options = options.Value;
    private readonly SemaphoreSlim _places = new(options.Value.PublishesInFlightMax);
    private readonly SemaphoreSlim _opening = new(1);
    private volatile IChannel? _channel;

    /// <summary>Publishes one message; when it returns, the broker keeps it.</summary>
    /// <exception cref="RabbitMqUnavailableException">It is not known to be kept: publish it again later.</exception>
    public async Task PublishAsync(
        string exchange, string routingKey, BasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var since = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(_options.PublishTimeout);
        try
        {
            if (_channel is not { IsOpen: true } && _connection.Problem is { } problem)
                throw new RabbitMqUnavailableException($"RabbitMQ is away: {problem}");
            await _places.WaitAsync(patience.Token);
            try
            {
                await PublishOnceMoreIfReturnedAsync(exchange, routingKey, properties, body, patience.Token);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception e)
        {
            RabbitMqMetrics.PublishFailures.Inc();
            throw Unavailable(e);
        }

        RabbitMqMetrics.Published.Inc();
        RabbitMqMetrics.ConfirmSeconds.Observe(Stopwatch.GetElapsedTime(since).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _opening.Dispose();
    }

    private async Task PublishOnceMoreIfReturnedAsync(
        string exchange,
        string routingKey,
        BasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        var channel = await ChannelAsync(cancellationToken);
        try
        {
            await channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, cancellationToken);
        }
        catch (PublishException e) when (e.IsReturn)
        {
            // Somebody deleted the queue, or its binding: a new channel declares it again.
            await CloseAsync(channel);
            channel = await ChannelAsync(cancellationToken);
            await channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, cancellationToken);
        }
    }

    private async ValueTask<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true } open)
            return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_channel is { IsOpen: true } opened)
                return opened;
            var connection = await _connection.OpenedAsync(cancellationToken);
            await topology.DeclareAsync(connection, cancellationToken);
            var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(
                    publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
                cancellationToken);
            _channel = channel;
            return channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task CloseAsync(IChannel channel)
    {
        Interlocked.CompareExchange(ref _channel, null, channel);
        await channel.AbortAsync();
    }

    private RabbitMqUnavailableException Unavailable(Exception e) => e switch
    {
        RabbitMqUnavailableException known => known,
        OperationCanceledException => new RabbitMqUnavailableException(
            $"RabbitMQ did not confirm a message within {_options.PublishTimeout.TotalSeconds:0.###} s."),
        PublishException { IsReturn: true } => new RabbitMqUnavailableException(
            "RabbitMQ has no queue for a message, and could not make one."),
        PublishException => new RabbitMqUnavailableException("RabbitMQ refused a message."),
        _ => new RabbitMqUnavailableException($"RabbitMQ is away: {e.Message}"),
    };
}
