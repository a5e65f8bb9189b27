using System.Diagnostics;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;
using IndiiMusic.Grains.Tracing;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace IndiiMusic.Grains.Library;

/// <summary>
/// Tells libraries of the roles that a playlist gave and took. It keeps nothing: a library knows by version what is
/// news. Where a library cannot be told, the stream delivers the message again for a while; after that it is among the
/// stream's dead letters, or still in the outbox for the sweeper to publish again.
/// </summary>
[GrainType("playlist-library-consumer")]
[ImplicitStreamSubscription(EventStreams.Playlists)]
internal sealed class PlaylistLibraryConsumer(PlaylistOutbox outbox)
    : Grain, IPlaylistLibraryConsumer, IStreamSubscriptionObserver
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<PublishedChanges>().ResumeAsync((published, _) => Handle(published));

    private async Task Handle(PublishedChanges published)
    {
        using var span = Spans.StartCarried("stream follow", ActivityKind.Consumer);
        await Tell(published.Changes);
        await outbox.HandledAsync(published);
    }

    private async Task Tell(PlaylistChanges changes)
    {
        foreach (var change in changes.Changes)
        {
            var (userId, role) = Concerned(change);
            if (userId is { } user)
                await GrainFactory.GetGrain<ILibraryGrain>(user).Note(changes.PlaylistId, change.Version, role);
        }
    }

    /// <summary>
    /// Whose role it is about. Of a deletion only its author is told: the others' libraries drop the playlist when they
    /// are next read, as deleting must not cost time in proportion to collaborators.
    /// </summary>
    private static (Guid? UserId, PlaylistRole? Role) Concerned(PlaylistChange change) => change switch
    {
        CreatedChange created => (created.By, PlaylistRole.Owner),
        CollaboratorChangedChange collaborator => (collaborator.UserId, collaborator.Role),
        DeletedChange deleted => (deleted.By, null),
        _ => (null, null),
    };
}
