using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Library;

/// <summary>
/// One user's playlists. Two documents, so that following does not rewrite what roles need, nor reversely.
/// </summary>
[GrainType("library")]
internal sealed class LibraryGrain(
    [PersistentState("library")] IPersistentState<LibraryState> library,
    [PersistentState("following")] IPersistentState<FollowingState> following,
    TimeProvider time) : Grain, ILibraryGrain
{
    public Task Note(Guid playlistId, long version, PlaylistRole? role) =>
        Keep(LibraryRules.Note(library.State, playlistId, version, role, time.GetUtcNow()));

    public Task Forget(Guid playlistId, long version) =>
        Keep(LibraryRules.Forget(library.State, playlistId, version, time.GetUtcNow()));

    public Task<Page<LibraryPlaylist>> GetPlaylists(PlaylistRole? role, int limit, string? cursor) =>
        Task.FromResult(NewestFirst.Page(
            library.State.Playlists,
            item => item.Order,
            item => item.Role is { } held && (role is null || held == role)
                ? new LibraryPlaylist(item.PlaylistId, held, item.At, item.Version)
                : null,
            limit,
            cursor));

    public Task Follow(Guid playlistId) => Keep(following.State with
    {
        Playlists = following.State.Playlists.Choose(
            playlistId, time.GetUtcNow(), LibraryLimits.FollowingMax, nameof(LibraryLimits.FollowingMax)),
    });

    public Task Unfollow(Guid playlistId) =>
        Keep(following.State with { Playlists = following.State.Playlists.Without(playlistId) });

    public Task<Page<FollowedPlaylist>> GetFollowing(int limit, string? cursor) =>
        Task.FromResult(NewestFirst.Page(
            following.State.Playlists,
            item => item.Order,
            item => new FollowedPlaylist(item.Id, item.At),
            limit,
            cursor));

    private Task Keep(LibraryState next) =>
        ReferenceEquals(next, library.State) ? Task.CompletedTask : library.Write(next);

    private Task Keep(FollowingState next) =>
        next.Playlists == following.State.Playlists ? Task.CompletedTask : following.Write(next);
}
