using IndiiMusic.Grains.Interfaces.Playlists;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Interfaces.Library;

/// <summary>
/// The playlists that one user has a role in, and those that the user follows. Keyed by user id. It calls no other
/// grain: playlists tell it, and the gateway reads the playlists that it names.
/// </summary>
[Alias("indii.library.library-grain")]
public interface ILibraryGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Takes note of the user's role in a playlist; durable when it returns. Told twice, or out of order, the highest
    /// version holds.
    /// </summary>
    /// <param name="playlistId">The playlist.</param>
    /// <param name="version">The playlist's version that made it so.</param>
    /// <param name="role">The role; null when the user has none any more, or the playlist was deleted.</param>
    [SafeToRepeat]
    [Alias("Note")]
    Task Note(Guid playlistId, long version, PlaylistRole? role);

    /// <summary>
    /// Drops a playlist that its reader found gone or closed to the user, unless a later version has been noted since:
    /// a deletion is told to nobody but its author.
    /// </summary>
    /// <param name="playlistId">The playlist.</param>
    /// <param name="version">The version that the reader had it from.</param>
    [ResponseTimeout("00:00:30")]
    [Alias("Forget")]
    Task Forget(Guid playlistId, long version);

    /// <summary>The playlists that the user has a role in, last joined first.</summary>
    /// <param name="role">Only those where the user has this role; null for all.</param>
    /// <param name="limit">Playlists at most, 1 to <see cref="PageLimits.Max"/>.</param>
    /// <param name="cursor">From the page before; null for the first.</param>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("GetPlaylists")]
    Task<Page<LibraryPlaylist>> GetPlaylists(PlaylistRole? role, int limit, string? cursor);

    /// <summary>
    /// Follows a playlist; following it again changes nothing. The caller has made sure that the user may read it.
    /// </summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Follow")]
    Task Follow(Guid playlistId);

    /// <summary>Follows a playlist no more; one that is not followed is no error.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Unfollow")]
    Task Unfollow(Guid playlistId);

    /// <summary>The playlists that the user follows, last followed first.</summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("GetFollowing")]
    Task<Page<FollowedPlaylist>> GetFollowing(int limit, string? cursor);
}

/// <summary>A playlist that the user has a role in.</summary>
/// <param name="PlaylistId">The playlist.</param>
/// <param name="Role">What the user is to it.</param>
/// <param name="JoinedAt">Since when the user has had a role.</param>
/// <param name="Version">The playlist's version that made it so.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.library-playlist")]
public sealed record LibraryPlaylist(
    [property: Id(0)] Guid PlaylistId,
    [property: Id(1)] PlaylistRole Role,
    [property: Id(2)] DateTimeOffset JoinedAt,
    [property: Id(3)] long Version);

/// <summary>A playlist that the user follows.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.followed-playlist")]
public sealed record FollowedPlaylist(
    [property: Id(0)] Guid PlaylistId,
    [property: Id(1)] DateTimeOffset FollowedAt);
