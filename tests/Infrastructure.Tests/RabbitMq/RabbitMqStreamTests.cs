using System.Diagnostics;
using System.Globalization;
using System.Text;
using IndiiMusic.Infrastructure.RabbitMq;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace IndiiMusic.Infrastructure.Tests.RabbitMq;

/// <summary>What holds while a real broker, or what it carries, misbehaves.</summary>
[Collection(RabbitMqCollection.Name)]
[Trait("Server", "RabbitMq")]
public sealed class RabbitMqStreamTests(RabbitMqFixture fixture)
{
    private readonly string _service = EventStreamSilo.NewKey();

    private RabbitMqNames Names => new("", _service, EventStreamSilo.Provider);

    [Fact]
    public async Task While_the_broker_is_stopped_silos_start_and_publishing_fails_at_once_and_afterwards_all_goes_on()
    {
        await using var silo = await StartAsync();
        var keys = Enumerable.Range(0, 30).Select(_ => EventStreamSilo.NewKey()).ToList();
        var release = new TaskCompletionSource();
        silo.Journal.Fate = (_, _, _) => release.Task;
        await Task.WhenAll(keys.Select(key => silo.PublishAsync(key, 1, 2)));
        await EventStreamSilo.UntilAsync(() => keys.All(key => silo.Journal.Offered(key).Length > 0));

        await fixture.Server.StopAsync();
        await UntilHealthAsync(silo, HealthStatus.Degraded);
        var since = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<RabbitMqUnavailableException>(() => silo.PublishAsync(keys[0], 3));
        Assert.InRange(since.ElapsedMilliseconds, 0, 500);
        Assert.DoesNotContain("guest:guest", failure.ToString(), StringComparison.Ordinal);
        silo.Journal.Fate = static (_, _, _) => Task.CompletedTask;
        release.SetResult();
        await using var late = await EventStreamSilo.StartAsync(streams => fixture.AddStreams(streams));
        await UntilHealthAsync(late, HealthStatus.Degraded);
        await Assert.ThrowsAsync<RabbitMqUnavailableException>(() => late.PublishAsync(keys[0], 1));
        await fixture.Server.StartAsync();

        await UntilHealthAsync(silo, HealthStatus.Healthy);
        await UntilHealthAsync(late, HealthStatus.Healthy);
        await late.PublishAsync(keys[0], 1);
        await late.UntilHandledAsync(keys[0], 1);
        await Task.WhenAll(keys.Select(key => silo.PublishAsync(key, 3)));
        foreach (var key in keys)
            await silo.UntilHandledAsync(key, 3);
        await UntilDepthAsync(0);
    }

    [Fact]
    public async Task A_publication_that_a_frozen_broker_does_not_confirm_is_not_reported_as_done()
    {
        await using var silo = await StartAsync(options =>
        {
            options.Heartbeat = TimeSpan.FromSeconds(30);
            options.PublishTimeout = TimeSpan.FromSeconds(2);
        });
        var key = EventStreamSilo.NewKey();
        await silo.PublishAsync(key, 1);
        await fixture.Server.SignalAsync("STOP");
        try
        {
            var since = Stopwatch.StartNew();
            await Assert.ThrowsAsync<RabbitMqUnavailableException>(() => silo.PublishAsync(key, 2));
            Assert.InRange(since.Elapsed.TotalSeconds, 1.5, 6);
        }
        finally
        {
            await fixture.Server.SignalAsync("CONT");
        }

        await silo.PublishAsync(key, 2, 3);
        await silo.UntilHandledAsync(key, 3);
    }

    [Fact]
    public async Task What_is_refused_too_often_goes_to_the_dead_letters_and_can_be_sent_again()
    {
        await using var silo = await StartAsync(options =>
        {
            options.DeliveryLimit = 3;
            options.DeliveryTime = TimeSpan.FromMilliseconds(200);
        });
        var key = EventStreamSilo.NewKey();
        var isMended = false;
        silo.Journal.Fate = (_, number, _) => number == 2 && !isMended
            ? Task.FromException(new InvalidOperationException("Never."))
            : Task.CompletedTask;

        await silo.PublishAsync(key, 1, 2, 3);

        await EventStreamSilo.UntilAsync(() => silo.Journal.Handled(key).Contains(3));
        Assert.Equal([1, 3], silo.Journal.Handled(key));
        await using var connection = await fixture.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var dead = await DeadLetterAsync(channel);
        Assert.Equal(RabbitMqDeadLetters.Undeliverable, Header(dead, RabbitMqDeadLetters.ReasonHeader));
        Assert.Equal(key, Header(dead, RabbitMqMessages.KeyHeader));
        Assert.Equal(dead.RoutingKey, Header(dead, RabbitMqDeadLetters.QueueHeader));
        Assert.Contains("3 deliveries", Header(dead, RabbitMqDeadLetters.DetailHeader), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(
            Header(dead, RabbitMqDeadLetters.AtHeader), CultureInfo.InvariantCulture, out _));
        await UntilDepthAsync(0);

        // As a shovel would: to the exchange, by its own routing key.
        isMended = true;
        await channel.BasicPublishAsync(
            Names.Exchange, dead.RoutingKey, mandatory: true, new BasicProperties(dead.BasicProperties), dead.Body);
        await silo.UntilHandledAsync(key, 3);
    }

    [Fact]
    public async Task What_no_silo_survives_the_broker_puts_aside()
    {
        var key = EventStreamSilo.NewKey();
        await using (var silo = await StartAsync(options => options.DeliveryLimit = 1))
        {
            silo.Journal.Fate = static (_, _, _) => new TaskCompletionSource().Task;
            await silo.PublishAsync(key, 1);
            await EventStreamSilo.UntilAsync(() => silo.Journal.Offered(key).Length > 0);
            await using var connection = await fixture.ConnectAsync();
            await using var channel = await connection.CreateChannelAsync();
            for (var delivery = 1; delivery <= 2; delivery++)
            {
                var silos = silo.Cluster.Silos.Single();
                var offered = silo.Journal.Offered(key).Length;
                await silo.Cluster.KillSiloAsync(silos);
                await silo.Cluster.StartAdditionalSiloAsync();
                if (delivery == 1)
                    await EventStreamSilo.UntilAsync(() => silo.Journal.Offered(key).Length > offered);
            }

            var dead = await DeadLetterAsync(channel);
            Assert.Equal("delivery_limit", Header(dead, "x-first-death-reason"));
            Assert.Equal(key, Header(dead, RabbitMqMessages.KeyHeader));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_goes_to_the_dead_letters_and_blocks_nobody()
    {
        await using var silo = await StartAsync(options => options.Partitions = 1);
        var key = EventStreamSilo.NewKey();
        await silo.PublishAsync(key, 1);
        await using var connection = await fixture.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var foreign = new BasicProperties { ContentType = "text/plain" };
        await channel.BasicPublishAsync(Names.Exchange, $"{Names.Exchange}.0", true, foreign, "hello"u8.ToArray());
        foreach (var (version, body) in new[] { (2, "later"), (1, "no bytes of Orleans") })
        {
            var properties = new BasicProperties
            {
                ContentType = RabbitMqMessages.ContentType,
                Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [RabbitMqMessages.VersionHeader] = version,
                },
            };
            await channel.BasicPublishAsync(
                Names.Exchange, $"{Names.Exchange}.0", true, properties, Encoding.UTF8.GetBytes(body));
        }

        await silo.PublishAsync(key, 2);

        await silo.UntilHandledAsync(key, 2);
        var details = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var dead = await DeadLetterAsync(channel);
            Assert.Equal(RabbitMqDeadLetters.Unreadable, Header(dead, RabbitMqDeadLetters.ReasonHeader));
            details.Add(Header(dead, RabbitMqDeadLetters.DetailHeader));
        }

        Assert.Contains("not published by this program", details[0], StringComparison.Ordinal);
        Assert.Contains("version 2", details[1], StringComparison.Ordinal);
        await UntilDepthAsync(0);
    }

    [Fact]
    public async Task A_queue_with_other_settings_serves_as_it_is()
    {
        await using (var first = await StartAsync(options => options.DeliveryLimit = 5))
        {
            var key = EventStreamSilo.NewKey();
            await first.PublishAsync(key, 1);
            await first.UntilHandledAsync(key, 1);
        }

        await using var second = await StartAsync(options => options.DeliveryLimit = 6);
        var other = EventStreamSilo.NewKey();
        await second.PublishAsync(other, 1);
        await second.UntilHandledAsync(other, 1);
    }

    [Fact]
    public async Task An_operator_sees_which_stream_a_message_is_about()
    {
        await using var silo = await StartAsync(options => options.Partitions = 1);
        var key = EventStreamSilo.NewKey();
        await using var connection = await fixture.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await silo.PublishAsync(key, 1);
        await channel.QueueDeclareAsync("copy" + key, durable: false, exclusive: true, autoDelete: true);
        await channel.QueueBindAsync("copy" + key, Names.Exchange, $"{Names.Exchange}.0");
        await silo.PublishAsync(key, 2);

        var message = await GetAsync(channel, "copy" + key);

        Assert.Equal(RabbitMqMessages.ContentType, message.BasicProperties.ContentType);
        Assert.True(message.BasicProperties.Persistent);
        Assert.Equal(_service, message.BasicProperties.AppId);
        Assert.Equal(EventStreamSilo.Namespace, Header(message, RabbitMqMessages.NamespaceHeader));
        Assert.Equal(key, Header(message, RabbitMqMessages.KeyHeader));
        var body = Encoding.Latin1.GetString(message.Body.Span);
        Assert.Contains("indii.tests.numbered-event", body, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(NumberedEvent), body, StringComparison.Ordinal);
    }

    private Task<EventStreamSilo> StartAsync(Action<RabbitMqOptions>? configure = null) =>
        EventStreamSilo.StartAsync(silo => fixture.AddStreams(silo, configure), serviceId: _service);

    private static async Task<HealthReport> HealthAsync(EventStreamSilo silo) => await silo.Cluster.Silos[0]
        .ServiceProvider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private static async Task UntilHealthAsync(EventStreamSilo silo, HealthStatus status)
    {
        var report = await HealthAsync(silo);
        for (var tries = 0; tries < 500 && report.Entries[RabbitMqHosting.HealthCheckName].Status != status; tries++)
        {
            await Task.Delay(20);
            report = await HealthAsync(silo);
        }

        Assert.Equal(status, report.Entries[RabbitMqHosting.HealthCheckName].Status);
    }

    private async Task UntilDepthAsync(uint depth)
    {
        await using var connection = await fixture.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var found = uint.MaxValue;
        for (var tries = 0; tries < 300 && found != depth; tries++)
        {
            await Task.Delay(20);
            found = await channel.MessageCountAsync($"{Names.Exchange}.0");
        }

        Assert.Equal(depth, found);
    }

    private Task<BasicGetResult> DeadLetterAsync(IChannel channel) => GetAsync(channel, Names.DeadLetters);

    private static async Task<BasicGetResult> GetAsync(IChannel channel, string queue)
    {
        for (var tries = 0; tries < 750; tries++)
        {
            if (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                return message;
            await Task.Delay(20);
        }

        throw new InvalidOperationException($"{queue} stayed empty.");
    }

    private static string Header(BasicGetResult message, string header) =>
        Encoding.UTF8.GetString(Assert.IsType<byte[]>(message.BasicProperties.Headers![header]));
}
