using System.Collections.Concurrent;
using System.Collections.Immutable;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.TestingHost;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>The outbox in front of a stream that keeps what it accepted, and is away now and then.</summary>
public sealed class DurableStreamOutboxTests : IAsyncLifetime
{
    private static readonly DateTimeOffset LongAgo = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly InMemoryEventStore _store = new();
    private readonly AcceptedMessages _accepted = new();
    private InProcessTestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IEventStore>(_store);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.Configure<EventStreamOptions>(
                options => options.Promise = EventStreamPromise.KeptOnceAccepted);
            silo.AddMemoryGrainStorageAsDefault();
            silo.UseInMemoryReminderService();
            silo.AddPersistentStreams(
                EventStreams.Provider, (_, _) => _accepted, streams =>
                    streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
            silo.AddIndiiPlaylists();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_batch_leaves_the_outbox_once_it_was_accepted_and_messages_name_none()
    {
        var playlistId = Guid.CreateVersion7();
        await LeaveBehindAsync(playlistId, 1);

        Assert.Equal(1, await SweepAsync());

        Assert.Equal(0, _store.OutboxCount);
        Assert.Empty(Assert.Single(_accepted.Of(playlistId)).Batches);
    }

    [Fact]
    public async Task A_batch_that_was_not_accepted_stays_in_the_outbox()
    {
        _accepted.IsAway = true;
        await LeaveBehindAsync(Guid.CreateVersion7(), 1);

        Assert.Equal(0, await SweepAsync());

        Assert.Equal(1, _store.OutboxCount);
        _accepted.IsAway = false;
        Assert.Equal(1, await SweepAsync());
        Assert.Equal(0, _store.OutboxCount);
    }

    [Fact]
    public async Task Thousands_that_were_left_go_out_in_one_sweep_each_playlist_in_order()
    {
        var playlists = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToList();
        for (var version = 1; version <= 100; version++)
        {
            foreach (var playlistId in playlists)
                await LeaveBehindAsync(playlistId, version);
        }

        Assert.Equal(5_000, await SweepAsync());

        Assert.Equal(0, _store.OutboxCount);
        foreach (var playlistId in playlists)
        {
            Assert.Equal(
                Enumerable.Range(1, 100).Select(static version => (long)version),
                _accepted.Of(playlistId).SelectMany(static message => message.Changes.Changes)
                    .Select(static change => change.Version));
        }
    }

    [Fact]
    public async Task A_stream_that_is_away_is_not_asked_for_every_playlist()
    {
        _accepted.IsAway = true;
        for (var i = 0; i < 500; i++)
            await LeaveBehindAsync(Guid.CreateVersion7(), 1);

        Assert.Equal(0, await SweepAsync());

        Assert.InRange(_accepted.Refused, 1, 100);
        Assert.Equal(500, _store.OutboxCount);
    }

    [Fact]
    public async Task One_playlist_that_cannot_be_published_holds_up_no_other()
    {
        var broken = Guid.CreateVersion7();
        await LeaveBehindAsync(broken, 1);
        _accepted.RefusedStream = StreamId.Create(EventStreams.Playlists, broken);
        for (var i = 0; i < 50; i++)
            await LeaveBehindAsync(Guid.CreateVersion7(), 1);

        Assert.Equal(50, await SweepAsync());

        Assert.Equal(1, _store.OutboxCount);
    }

    private Task<int> SweepAsync() => _cluster.Client.GetGrain<IPlaylistOutboxGrain>(0).Sweep();

    private Task LeaveBehindAsync(Guid playlistId, int version)
    {
        var happened = ImmutableArray.Create<PlaylistEvent>(
            new CollaboratorSet(Guid.CreateVersion7(), PlaylistRole.Editor));
        var record = new PlaylistCommandRecord(null, null, null, LongAgo, happened, version, 1, Results: null);
        return _store.AppendAsync(
            new EventBatch(
                PlaylistDocuments.StreamOf(playlistId), version, 1, LongAgo, PlaylistDocuments.WriteBatch([record])),
            CancellationToken.None);
    }

    /// <summary>A stream provider that accepts messages and delivers none.</summary>
    private sealed class AcceptedMessages : IQueueAdapterFactory, IQueueAdapter, IStreamFailureHandler
    {
        private readonly ConcurrentDictionary<StreamId, ImmutableArray<PublishedChanges>> _messages = new();
        private int _refused;

        public string Name => EventStreams.Provider;

        public bool IsRewindable => false;

        public StreamProviderDirection Direction => StreamProviderDirection.WriteOnly;

        public bool ShouldFaultSubsriptionOnError => false;

        public bool IsAway { get; set; }

        public StreamId? RefusedStream { get; set; }

        public int Refused => _refused;

        public ImmutableArray<PublishedChanges> Of(Guid playlistId) =>
            _messages[StreamId.Create(EventStreams.Playlists, playlistId)];

        public async Task QueueMessageBatchAsync<T>(
            StreamId streamId,
            IEnumerable<T> events,
            StreamSequenceToken? token,
            Dictionary<string, object>? requestContext)
        {
            await Task.Yield();
            if (IsAway || streamId == RefusedStream)
            {
                Interlocked.Increment(ref _refused);
                throw new InvalidOperationException("The broker is away.");
            }

            var added = events.Cast<PublishedChanges>().ToImmutableArray();
            _messages.AddOrUpdate(streamId, added, (_, before) => before.AddRange(added));
        }

        public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

        public IQueueAdapterCache GetQueueAdapterCache() => throw new NotSupportedException();

        public IStreamQueueMapper GetStreamQueueMapper() => throw new NotSupportedException();

        public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => throw new NotSupportedException();

        public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
            Task.FromResult<IStreamFailureHandler>(this);

        public Task OnDeliveryFailure(
            GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
            Task.CompletedTask;

        public Task OnSubscriptionFailure(
            GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
            Task.CompletedTask;
    }
}
