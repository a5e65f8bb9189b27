using IndiiMusic.Grains.EventLog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// Publishes what is left in the outbox: of a silo that died, of a broker that was away, or of a follower that could
/// not handle it. One for the whole platform, far from any hot path.
/// </summary>
[Alias("indii.playlists.playlist-outbox-grain")]
internal interface IPlaylistOutboxGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the sweeper runs, now and after every restart.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Publishes what has waited long enough, and says how many batches that were.</summary>
    [Alias("Sweep")]
    Task<int> Sweep();
}

/// <inheritdoc cref="IPlaylistOutboxGrain"/>
[GrainType("playlist-outbox")]
internal sealed partial class PlaylistOutboxGrain(
    IEventStore store,
    PlaylistOutbox outbox,
    TimeProvider clock,
    IOptionsMonitor<PlaylistOptions> options,
    ILogger<PlaylistOutboxGrain> logger) : Grain, IPlaylistOutboxGrain, IRemindable
{
    private const string Reminder = "sweep";

    /// <summary>Playlists that are published at once: their messages wait for the broker together.</summary>
    private const int PlaylistsAtOnceMax = 32;

    /// <summary>A few playlists may have a fault of their own; when more fail, the stream is away.</summary>
    private const int FailuresMax = 10;

    private const int PausesMax = 50;

    // Within the time that a caller waits for an answer; what is left then, the next reminder sweeps.
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public Task Start() =>
        this.RegisterOrUpdateReminder(Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    /// <inheritdoc/>
    public async Task<int> Sweep()
    {
        var (since, before) = (clock.GetTimestamp(), clock.GetUtcNow());
        before -= TimeSpan.FromSeconds(options.CurrentValue.OutboxSweepAfterSeconds);
        var seen = new HashSet<(string Stream, long FirstVersion)>();
        var (published, failures, pauses) = (0, 0, 0);
        while (failures < FailuresMax && pauses < PausesMax && clock.GetElapsedTime(since) < TimeMax)
        {
            var page = await store.ReadUnpublishedAsync(
                before, options.CurrentValue.OutboxSweepBatchesMax, CancellationToken.None).ToListAsync();
            var fresh = page.Where(batch => seen.Add((batch.Stream, batch.FirstVersion))).ToList();
            if (fresh.Count > 0)
            {
                var (done, failed) = await PublishAsync(fresh);
                (published, failures, pauses) = (published + done, failures + failed, 0);
            }
            else if (page.Count < options.CurrentValue.OutboxSweepBatchesMax)
            {
                break;
            }
            else
            {
                // What was published leaves the outbox a little later, and uncovers what lies behind it.
                pauses++;
                await Task.Delay(Pause, clock);
            }
        }

        if (published + failures > 0)
            LogSwept(logger, published, failures);
        return published;
    }

    /// <summary>Publishes playlist by playlist, each in order, many at once.</summary>
    private async Task<(int Batches, int Failures)> PublishAsync(IEnumerable<EventBatch> batches)
    {
        using var places = new SemaphoreSlim(PlaylistsAtOnceMax);
        var failures = 0;
        var counts = await Task.WhenAll(batches
            .GroupBy(static batch => batch.Stream, StringComparer.Ordinal)
            .Select(PublishStreamAsync));
        return (counts.Sum(), failures);

        async Task<int> PublishStreamAsync(IGrouping<string, EventBatch> stream)
        {
            if (PlaylistDocuments.PlaylistOf(stream.Key) is not { } playlistId)
                return 0;
            await places.WaitAsync();
            try
            {
                return failures < FailuresMax ? await PublishAsync(playlistId, stream) : 0;
            }
            catch (Exception e)
            {
                failures++;
                LogNotSwept(logger, playlistId, e);
                return 0;
            }
            finally
            {
                places.Release();
            }
        }
    }

    private async Task<int> PublishAsync(Guid playlistId, IEnumerable<EventBatch> batches)
    {
        var committed = batches
            .OrderBy(static batch => batch.FirstVersion)
            .Select(static batch => new CommittedBatch(batch.FirstVersion, [.. PlaylistDocuments.ReadBatch(batch)]))
            .ToList();
        var followers = this.GetStreamProvider(EventStreams.Provider)
            .GetStream<PublishedChanges>(StreamId.Create(EventStreams.Playlists, playlistId));
        await outbox.PublishAsync(followers, playlistId, committed);
        return committed.Count;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Published {Count} batches again that were left in the outbox; {Failures} playlists could not be")]
    private static partial void LogSwept(ILogger logger, int count, int failures);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What playlist {PlaylistId} left in the outbox could not be published; it is tried again")]
    private static partial void LogNotSwept(ILogger logger, Guid playlistId, Exception cause);
}
