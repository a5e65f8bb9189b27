using System.Diagnostics;
using IndiiMusic.Grains.Tracing;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// Publishes durable batches to the stream of their playlist. Batches that become durable while one is on its way go
/// together. What fails here stays in the outbox for the sweeper.
/// </summary>
/// <remarks>Runs on its grain's scheduler alone.</remarks>
internal sealed partial class PlaylistPublisher(
    Guid playlistId, IAsyncStream<PublishedChanges> followers, PlaylistOutbox outbox, ILogger logger)
{
    private readonly List<CommittedBatch> _waiting = [];
    private bool _isPublishing;

    /// <summary>Publishes a batch, soon.</summary>
    public void Publish(CommittedBatch batch)
    {
        _waiting.Add(batch);
        if (!_isPublishing)
        {
            _isPublishing = true;
            PublishAsync().Ignore();
        }
    }

    private async Task PublishAsync()
    {
        await Task.Yield();
        while (_waiting.Count > 0)
        {
            var batches = _waiting.ToArray();
            _waiting.Clear();
            using var span = Spans.StartShared(
                "stream publish",
                ActivityKind.Producer,
                batches.SelectMany(static batch => batch.Requests ?? []));
            Spans.Carry(span);
            try
            {
                await outbox.PublishAsync(followers, playlistId, batches);
            }
            catch (Exception e)
            {
                span.Fail(e);
                LogNotPublished(logger, playlistId, batches[0].FirstVersion, e);
            }
        }

        _isPublishing = false;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Playlist {PlaylistId} from version {Version} was not published; the outbox sweeper will do it")]
    private static partial void LogNotPublished(ILogger logger, Guid playlistId, long version, Exception cause);
}
