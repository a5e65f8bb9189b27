using IndiiMusic.Grains.EventLog;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// When a batch leaves the outbox, here and nowhere else: once nothing but a loss of the store could lose it. A stream
/// that keeps what it accepted takes it over at that moment; of one in memory the batch stays until its follower has
/// handled it, which the message asks for by naming it.
/// </summary>
internal sealed class PlaylistOutbox(IEventStore store, IOptions<EventStreamOptions> streams)
{
    private bool IsKeptOnceAccepted => streams.Value.Promise == EventStreamPromise.KeptOnceAccepted;

    /// <summary>Puts consecutive batches into their playlist's stream.</summary>
    public async Task PublishAsync(
        IAsyncStream<PublishedChanges> followers, Guid playlistId, IReadOnlyCollection<CommittedBatch> batches)
    {
        await PlaylistStreamMessages.PublishAsync(followers, playlistId, batches, nameBatches: !IsKeptOnceAccepted);
        if (IsKeptOnceAccepted)
            await MarkAsync(playlistId, batches.Select(static batch => batch.FirstVersion));
    }

    /// <summary>A message was handled.</summary>
    public Task HandledAsync(PublishedChanges published) =>
        MarkAsync(published.Changes.PlaylistId, published.Batches);

    private async Task MarkAsync(Guid playlistId, IEnumerable<long> firstVersions)
    {
        var stream = PlaylistDocuments.StreamOf(playlistId);
        foreach (var firstVersion in firstVersions)
            await store.MarkPublishedAsync(stream, firstVersion, CancellationToken.None);
    }
}
