using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>Makes a playlist.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Description">At most 4,000 characters.</param>
/// <param name="Visibility">Who may read it without a role; private when left out.</param>
/// <param name="Duplicates">What happens to tracks that it holds already; allow when left out.</param>
/// <param name="TrackIds">Its first entries, in order.</param>
public sealed record CreatePlaylistRequest(
    string? Name,
    string? Description = null,
    PlaylistVisibility? Visibility = null,
    DuplicatePolicy? Duplicates = null,
    IReadOnlyList<Guid>? TrackIds = null);

/// <summary>Changes the details that are there; what is left out stays as it is.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Description">At most 4,000 characters; empty for none.</param>
/// <param name="Visibility">Who may read it without a role.</param>
/// <param name="Duplicates">What happens to tracks that it holds already.</param>
public sealed record ChangeDetailsRequest(
    string? Name = null,
    string? Description = null,
    PlaylistVisibility? Visibility = null,
    DuplicatePolicy? Duplicates = null);

/// <summary>Operations that are applied all or none. The hub takes the same shape.</summary>
/// <param name="OperationId">
/// Chosen by the client, at most 100 characters, such as a UUID. Sent again, it changes nothing and gets the first
/// answer.
/// </param>
/// <param name="Ops">1 to 100 operations.</param>
/// <param name="IfVersion">Fails with <c>version_mismatch</c> unless this is the contentVersion.</param>
public sealed record OperationsRequest(
    string? OperationId,
    IReadOnlyList<OperationRequest?>? Ops,
    long? IfVersion = null);

/// <summary>One operation. Its kind says which of the other members it takes; any others are refused.</summary>
/// <param name="Kind">append, insert, move, remove or setDetails.</param>
/// <param name="TrackIds">append and insert: 1 to 500 tracks, in order.</param>
/// <param name="EntryIds">move and remove: 1 to 500 entries.</param>
/// <param name="After">insert and move: the entry to place after, or <c>"start"</c>.</param>
/// <param name="Name">setDetails: the new name.</param>
/// <param name="Description">setDetails: the new description, empty for none.</param>
/// <param name="Visibility">setDetails: who may read it without a role.</param>
/// <param name="Duplicates">setDetails: what happens to tracks that it holds already.</param>
public sealed record OperationRequest(
    string? Kind,
    IReadOnlyList<Guid>? TrackIds = null,
    IReadOnlyList<int>? EntryIds = null,
    EntryAnchor? After = null,
    string? Name = null,
    string? Description = null,
    PlaylistVisibility? Visibility = null,
    DuplicatePolicy? Duplicates = null);

/// <summary>The whole list as the caller wants it, merged with what others did since the caller read it.</summary>
/// <param name="OperationId">As in <see cref="OperationsRequest"/>.</param>
/// <param name="TrackIds">The list; up to 100,000 tracks.</param>
/// <param name="BaseVersion">The version that the caller last read.</param>
public sealed record ReplaceEntriesRequest(
    string? OperationId,
    IReadOnlyList<Guid>? TrackIds,
    long? BaseVersion);

/// <summary>Takes back one operation.</summary>
/// <param name="OperationId">The operation to take back.</param>
/// <param name="UserId">Whose it was; left out for the caller's own, or anybody's of that id.</param>
public sealed record UndoRequest(string? OperationId, Guid? UserId = null);

/// <summary>Goes back to a version, or takes back what one user did since a time: one of the two.</summary>
/// <param name="ToVersion">The version to bring back.</param>
/// <param name="UserId">The user whose operations to take back.</param>
/// <param name="Since">From when on.</param>
public sealed record RevertRequest(long? ToVersion = null, Guid? UserId = null, DateTimeOffset? Since = null);

/// <summary>Copies a playlist.</summary>
/// <param name="Version">The version to copy; the present one when left out.</param>
/// <param name="Name">The copy's name; the source's when left out.</param>
public sealed record ForkRequest(long? Version = null, string? Name = null);

/// <summary>Gives a user a role.</summary>
/// <param name="Role">viewer, suggester, contributor, editor or owner.</param>
public sealed record CollaboratorRequest(PlaylistRole? Role);

/// <summary>Makes an invite.</summary>
/// <param name="Role">viewer, suggester, contributor or editor.</param>
/// <param name="ExpiresAt">Until when it works; for ever when left out.</param>
/// <param name="MaxUses">How many users it lets in; any number when left out.</param>
/// <param name="Approval">Whether an owner has to let each user in.</param>
public sealed record InviteRequest(
    PlaylistRole? Role,
    DateTimeOffset? ExpiresAt = null,
    int? MaxUses = null,
    bool Approval = false);
