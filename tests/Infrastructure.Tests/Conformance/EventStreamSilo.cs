using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;
using Orleans.Streams.Core;
using Orleans.TestingHost;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>A cluster in this process whose streams come from the provider under test.</summary>
public sealed class EventStreamSilo : IAsyncDisposable
{
    internal const string Provider = "events-under-test";
    internal const string Namespace = "followed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EventStreamSilo(InProcessTestCluster cluster, EventJournal journal)
    {
        Cluster = cluster;
        Journal = journal;
    }

    public InProcessTestCluster Cluster { get; }

    /// <summary>What consumers were given.</summary>
    public EventJournal Journal { get; }

    public static async Task<EventStreamSilo> StartAsync(
        Action<ISiloBuilder> addStreams, int silos = 1, string? serviceId = null)
    {
        var journal = new EventJournal();
        var builder = new InProcessTestClusterBuilder((short)silos);
        if (serviceId is not null)
            builder.Options.ServiceId = serviceId;
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(journal);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
            addStreams(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new EventStreamSilo(cluster, journal);
    }

    /// <summary>A key that no other test has.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    public Task PublishAsync(string key, params int[] numbers) =>
        Cluster.Client.GetGrain<IEventStreamPublisherGrain>(key).Publish(numbers);

    public static async Task UntilAsync(Func<bool> condition, Func<string>? describe = null)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition())
        {
            if (DateTime.UtcNow > until)
                Assert.Fail(describe?.Invoke() ?? "It did not come about in time.");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until a stream's consumer has handled all these numbers.</summary>
    public Task UntilHandledAsync(string key, int count) => UntilAsync(
        () => Journal.Handled(key).Distinct().Count() == count,
        () => $"{key}: {string.Join(' ', Journal.Handled(key))}");

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary>What consumers were offered and what they handled, and what becomes of the next.</summary>
public sealed class EventJournal
{
    private readonly ConcurrentDictionary<string, List<int>> _offered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, List<int>> _handled = new(StringComparer.Ordinal);

    /// <summary>Asked for each event: the stream's key, the number, how often it was offered before.</summary>
    public Func<string, int, int, Task> Fate { get; set; } = (_, _, _) => Task.CompletedTask;

    public int[] Offered(string key) => Read(_offered, key);

    public int[] Handled(string key) => Read(_handled, key);

    internal async Task Handle(string key, int number)
    {
        var before = Offered(key).Count(offered => offered == number);
        Add(_offered, key, number);
        await Fate(key, number, before);
        Add(_handled, key, number);
    }

    private static int[] Read(ConcurrentDictionary<string, List<int>> lists, string key)
    {
        var list = lists.GetOrAdd(key, static _ => []);
        lock (list)
            return [.. list];
    }

    private static void Add(ConcurrentDictionary<string, List<int>> lists, string key, int number)
    {
        var list = lists.GetOrAdd(key, static _ => []);
        lock (list)
            list.Add(number);
    }
}

/// <summary>An event of the tests.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.tests.numbered-event")]
internal sealed record NumberedEvent([property: Id(0)] int Number);

[Alias("indii.tests.event-stream-publisher-grain")]
internal interface IEventStreamPublisherGrain : IGrainWithStringKey
{
    /// <summary>Publishes one message after another.</summary>
    [Alias("Publish")]
    Task Publish(int[] numbers);

    /// <summary>Publishes them all in one message.</summary>
    [Alias("PublishTogether")]
    Task PublishTogether(int[] numbers);
}

[GrainType("event-stream-publisher")]
internal sealed class EventStreamPublisherGrain : Grain, IEventStreamPublisherGrain
{
    private IAsyncStream<NumberedEvent> Stream => this.GetStreamProvider(EventStreamSilo.Provider)
        .GetStream<NumberedEvent>(StreamId.Create(EventStreamSilo.Namespace, this.GetPrimaryKeyString()));

    public async Task Publish(int[] numbers)
    {
        foreach (var number in numbers)
            await Stream.OnNextAsync(new NumberedEvent(number));
    }

    public Task PublishTogether(int[] numbers) =>
        Stream.OnNextBatchAsync(numbers.Select(static number => new NumberedEvent(number)));
}

[Alias("indii.tests.event-stream-consumer-grain")]
internal interface IEventStreamConsumerGrain : IGrainWithStringKey;

[GrainType("event-stream-consumer")]
[ImplicitStreamSubscription(EventStreamSilo.Namespace)]
internal sealed class EventStreamConsumerGrain(EventJournal journal)
    : Grain, IEventStreamConsumerGrain, IStreamSubscriptionObserver
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<NumberedEvent>().ResumeAsync(
            (happened, _) => journal.Handle(this.GetPrimaryKeyString(), happened.Number));
}
