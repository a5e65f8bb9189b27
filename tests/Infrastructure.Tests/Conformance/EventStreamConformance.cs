using Orleans.Streams;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>What every provider of event streams does, whatever carries them. Each test makes its own streams.</summary>
public abstract class EventStreamConformance : IAsyncLifetime
{
    private EventStreamSilo _silo = null!;

    private protected EventStreamSilo Silo => _silo;

    public async Task InitializeAsync() => _silo = await EventStreamSilo.StartAsync(AddStreams);

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    /// <summary>Adds the provider, which tries a delivery for about a second.</summary>
    private protected abstract void AddStreams(ISiloBuilder silo);

    [Fact]
    public async Task What_is_published_comes_once_and_in_order()
    {
        var key = EventStreamSilo.NewKey();
        await Silo.PublishAsync(key, [.. Enumerable.Range(1, 200)]);

        await Silo.UntilHandledAsync(key, 200);

        Assert.Equal(Enumerable.Range(1, 200), Silo.Journal.Handled(key));
    }

    [Fact]
    public async Task Events_of_one_message_come_in_order()
    {
        var key = EventStreamSilo.NewKey();
        await Silo.Cluster.Client.GetGrain<IEventStreamPublisherGrain>(key).PublishTogether([1, 2, 3, 4, 5]);

        await Silo.UntilHandledAsync(key, 5);

        Assert.Equal([1, 2, 3, 4, 5], Silo.Journal.Handled(key));
    }

    [Fact]
    public async Task Many_streams_go_side_by_side_each_in_order()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => EventStreamSilo.NewKey()).ToList();
        await Task.WhenAll(keys.Select(key => Silo.PublishAsync(key, [.. Enumerable.Range(1, 20)])));

        foreach (var key in keys)
        {
            await Silo.UntilHandledAsync(key, 20);
            Assert.Equal(Enumerable.Range(1, 20), Silo.Journal.Handled(key));
        }
    }

    [Fact]
    public async Task What_a_consumer_failed_at_comes_again_before_what_follows_it()
    {
        var key = EventStreamSilo.NewKey();
        Silo.Journal.Fate = (_, number, before) => number == 2 && before < 2
            ? Task.FromException(new InvalidOperationException("Not yet."))
            : Task.CompletedTask;

        await Silo.PublishAsync(key, 1, 2, 3);

        await Silo.UntilHandledAsync(key, 3);
        Assert.Equal([1, 2, 3], Silo.Journal.Handled(key));
        Assert.Equal([1, 2, 2, 2, 3], Silo.Journal.Offered(key));
    }

    [Fact]
    public async Task A_consumer_that_is_stuck_holds_up_no_other_stream()
    {
        var (stuck, other) = (EventStreamSilo.NewKey(), EventStreamSilo.NewKey());
        var release = new TaskCompletionSource();
        Silo.Journal.Fate = (key, _, _) => key == stuck ? release.Task : Task.CompletedTask;

        await Silo.PublishAsync(stuck, 1, 2);
        await EventStreamSilo.UntilAsync(() => Silo.Journal.Offered(stuck).Length > 0);
        await Silo.PublishAsync(other, [.. Enumerable.Range(1, 50)]);

        await Silo.UntilHandledAsync(other, 50);
        Assert.Empty(Silo.Journal.Handled(stuck));
        release.SetResult();
        await Silo.UntilHandledAsync(stuck, 2);
    }
}

/// <summary>What a provider does that keeps what it accepted.</summary>
public abstract class DurableEventStreamConformance : EventStreamConformance
{
    [Fact]
    public async Task What_was_accepted_outlives_every_silo()
    {
        var service = EventStreamSilo.NewKey();
        var keys = Enumerable.Range(0, 20).Select(_ => EventStreamSilo.NewKey()).ToList();
        await using (var first = await EventStreamSilo.StartAsync(AddStreams, serviceId: service))
        {
            first.Journal.Fate = static (_, _, _) => Task.FromException(new InvalidOperationException("Not here."));
            await Task.WhenAll(keys.Select(key => first.PublishAsync(key, 1, 2, 3)));
            await EventStreamSilo.UntilAsync(() => keys.All(key => first.Journal.Offered(key).Length > 0));
        }

        await using var second = await EventStreamSilo.StartAsync(AddStreams, serviceId: service);
        foreach (var key in keys)
        {
            await second.UntilHandledAsync(key, 3);
            Assert.Equal([1, 2, 3], second.Journal.Handled(key));
        }
    }

    [Fact]
    public async Task What_a_silo_had_not_handled_when_it_died_comes_to_another()
    {
        await using var silo = await EventStreamSilo.StartAsync(AddStreams, silos: 2);
        var keys = Enumerable.Range(0, 20).Select(_ => EventStreamSilo.NewKey()).ToList();
        var release = new TaskCompletionSource();
        silo.Journal.Fate = (_, _, _) => release.Task;
        await Task.WhenAll(keys.Select(key => silo.PublishAsync(key, 1, 2)));
        await EventStreamSilo.UntilAsync(() => keys.All(key => silo.Journal.Offered(key).Length > 0));
        Assert.All(keys, key => Assert.Empty(silo.Journal.Handled(key)));

        await silo.Cluster.KillSiloAsync(silo.Cluster.Silos[1]);
        silo.Journal.Fate = static (_, _, _) => Task.CompletedTask;
        release.SetResult();

        foreach (var key in keys)
            await silo.UntilHandledAsync(key, 2);
    }
}

/// <summary>The streams of Standalone, which live in memory.</summary>
public sealed class MemoryEventStreamTests : EventStreamConformance
{
    private protected override void AddStreams(ISiloBuilder silo) => silo.AddMemoryStreams(
        EventStreamSilo.Provider,
        streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
}
