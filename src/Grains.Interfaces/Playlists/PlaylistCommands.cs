using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>What a new playlist starts with.</summary>
/// <param name="Name">1 to <see cref="PlaylistLimits.NameCharactersMax"/> characters.</param>
/// <param name="Description">At most <see cref="PlaylistLimits.DescriptionCharactersMax"/> characters, or null.</param>
/// <param name="Visibility">Who may read it without a role.</param>
/// <param name="Duplicates">What happens to tracks that it holds already.</param>
/// <param name="TrackIds">Its first entries, in order; up to <see cref="PlaylistLimits.EntriesMax"/>.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.create-playlist")]
public sealed record CreatePlaylist(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Description,
    [property: Id(2)] PlaylistVisibility Visibility,
    [property: Id(3)] DuplicatePolicy Duplicates,
    [property: Id(4)] ImmutableArray<Guid> TrackIds);

/// <summary>One or more operations that are applied all or none.</summary>
/// <param name="OperationId">
/// Chosen by the client, 1 to <see cref="PlaylistLimits.OperationIdCharactersMax"/> characters, unique to the user and
/// playlist. Sent again, it changes nothing and gets the first answer.
/// </param>
/// <param name="Operations">1 to <see cref="PlaylistLimits.OperationsPerCommandMax"/>.</param>
/// <param name="IfContentVersion">Fails with <c>version_mismatch</c> unless the entries are at this version.</param>
/// <param name="IfDetailsVersion">Fails with <c>version_mismatch</c> unless the details are at this version.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-command")]
public sealed record PlaylistCommand(
    [property: Id(0)] string OperationId,
    [property: Id(1)] ImmutableArray<PlaylistOperation> Operations,
    [property: Id(2)] long? IfContentVersion = null,
    [property: Id(3)] long? IfDetailsVersion = null);

/// <summary>One change that a caller asks for.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-operation")]
public abstract record PlaylistOperation
{
    /// <summary>Stands for the place before the first entry wherever an entry id says "after".</summary>
    public const int Start = 0;
}

/// <summary>Adds tracks at the end.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.append-tracks")]
public sealed record AppendTracks([property: Id(0)] ImmutableArray<Guid> TrackIds) : PlaylistOperation;

/// <summary>Adds tracks after an entry, or at <see cref="PlaylistOperation.Start"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.insert-tracks")]
public sealed record InsertTracks(
    [property: Id(0)] ImmutableArray<Guid> TrackIds,
    [property: Id(1)] int After) : PlaylistOperation;

/// <summary>
/// Moves entries after another, or to <see cref="PlaylistOperation.Start"/>. They keep the order that they have in the
/// list, whatever order they are named in.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.move-entries")]
public sealed record MoveEntries(
    [property: Id(0)] ImmutableArray<int> EntryIds,
    [property: Id(1)] int After) : PlaylistOperation;

/// <summary>Removes entries.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.remove-entries")]
public sealed record RemoveEntries([property: Id(0)] ImmutableArray<int> EntryIds) : PlaylistOperation;

/// <summary>Changes what is not null.</summary>
/// <param name="Name">The new name, or null to keep it.</param>
/// <param name="Description">The new description, empty for none, or null to keep it.</param>
/// <param name="Visibility">The new visibility, or null to keep it.</param>
/// <param name="Duplicates">The new duplicate policy, or null to keep it.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.set-details")]
public sealed record SetDetails(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] string? Description = null,
    [property: Id(2)] PlaylistVisibility? Visibility = null,
    [property: Id(3)] DuplicatePolicy? Duplicates = null) : PlaylistOperation;

/// <summary>
/// The whole list as the caller wants it, merged three ways against what the caller last read, so that what others did
/// since then stays.
/// </summary>
/// <param name="OperationId">As in <see cref="PlaylistCommand"/>.</param>
/// <param name="TrackIds">The list that the caller wants; up to <see cref="PlaylistLimits.EntriesMax"/>.</param>
/// <param name="BaseVersion">The version that the caller last read.</param>
/// <param name="IfContentVersion">As in <see cref="PlaylistCommand"/>.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.replace-entries")]
public sealed record ReplaceEntries(
    [property: Id(0)] string OperationId,
    [property: Id(1)] ImmutableArray<Guid> TrackIds,
    [property: Id(2)] long BaseVersion,
    [property: Id(3)] long? IfContentVersion = null);

/// <summary>Takes back one operation; what came later stays.</summary>
/// <param name="OperationId">The id of this undo itself, as in <see cref="PlaylistCommand"/>.</param>
/// <param name="TargetOperationId">The operation to take back.</param>
/// <param name="TargetUserId">Whose operation it was; null for the caller's own, or anybody's of that id.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.undo-operation")]
public sealed record UndoOperation(
    [property: Id(0)] string OperationId,
    [property: Id(1)] string TargetOperationId,
    [property: Id(2)] Guid? TargetUserId = null);

/// <summary>Brings back entries, name and description as they were at a version, by new events.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.revert-to-version")]
public sealed record RevertToVersion(
    [property: Id(0)] string OperationId,
    [property: Id(1)] long ToVersion);

/// <summary>Takes back all that one user did since a time; what others did stays.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.revert-user")]
public sealed record RevertUser(
    [property: Id(0)] string OperationId,
    [property: Id(1)] Guid UserId,
    [property: Id(2)] DateTimeOffset Since);

/// <summary>A copy of a playlist at a version, as a new playlist of the caller.</summary>
/// <param name="SourceId">The playlist to copy.</param>
/// <param name="Version">The version to copy; null for the present one.</param>
/// <param name="Name">The copy's name; null for the source's.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.fork-playlist")]
public sealed record ForkPlaylist(
    [property: Id(0)] Guid SourceId,
    [property: Id(1)] long? Version,
    [property: Id(2)] string? Name);

/// <summary>A link that lets people in.</summary>
/// <param name="Role">Viewer to Editor; ownership is given by hand only.</param>
/// <param name="ExpiresAt">Until when it works; null for ever.</param>
/// <param name="UsesMax">How many users it lets in; null for any number.</param>
/// <param name="Approval">Whether an owner has to let each user in.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.create-invite")]
public sealed record CreateInvite(
    [property: Id(0)] PlaylistRole Role,
    [property: Id(1)] DateTimeOffset? ExpiresAt,
    [property: Id(2)] int? UsesMax,
    [property: Id(3)] bool Approval);
