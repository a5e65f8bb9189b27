using IndiiMusic.Grains.EventLog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// Publishes what is left in the outbox: of a silo that died, or of a follower that could not handle it. One for the
/// whole platform, far from any hot path.
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
    TimeProvider clock,
    IOptions<PlaylistOptions> options,
    ILogger<PlaylistOutboxGrain> logger) : Grain, IPlaylistOutboxGrain, IRemindable
{
    private const string Reminder = "sweep";

    /// <inheritdoc/>
    public Task Start() =>
        this.RegisterOrUpdateReminder(Reminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    /// <inheritdoc/>
    public async Task<int> Sweep()
    {
        var before = clock.GetUtcNow() - TimeSpan.FromSeconds(options.Value.OutboxSweepAfterSeconds);
        var published = 0;
        var streams = this.GetStreamProvider(EventStreams.Provider);
        await foreach (var batch in store.ReadUnpublishedAsync(
            before, options.Value.OutboxSweepBatchesMax, CancellationToken.None))
        {
            if (PlaylistDocuments.PlaylistOf(batch.Stream) is { } playlistId)
            {
                await PlaylistStreamMessages.PublishAsync(
                    streams.GetStream<PublishedChanges>(StreamId.Create(EventStreams.Playlists, playlistId)),
                    playlistId,
                    [new CommittedBatch(batch.FirstVersion, [.. PlaylistDocuments.ReadBatch(batch)])]);
                published++;
            }
        }

        if (published > 0)
        {
            LogSwept(logger, published);
        }

        return published;
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Published {Count} batches again that were left in the outbox")]
    private static partial void LogSwept(ILogger logger, int count);
}
