using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// What has happened to a playlist. Each event makes one version. They are stored for ever, under the names below,
/// which do not depend on the names of these types; a changed shape gets the next number and the old one stays
/// readable.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PlaylistCreated), "playlist-created/1")]
[JsonDerivedType(typeof(DetailsChanged), "details-changed/1")]
[JsonDerivedType(typeof(PlaylistDeleted), "playlist-deleted/1")]
[JsonDerivedType(typeof(EntriesAdded), "entries-added/1")]
[JsonDerivedType(typeof(EntriesMoved), "entries-moved/1")]
[JsonDerivedType(typeof(EntriesRemoved), "entries-removed/1")]
[JsonDerivedType(typeof(EntriesRestored), "entries-restored/1")]
[JsonDerivedType(typeof(OperationNoted), "operation-noted/1")]
[JsonDerivedType(typeof(CollaboratorSet), "collaborator-set/1")]
[JsonDerivedType(typeof(CollaboratorRemoved), "collaborator-removed/1")]
[JsonDerivedType(typeof(InviteCreated), "invite-created/1")]
[JsonDerivedType(typeof(InviteRevoked), "invite-revoked/1")]
[JsonDerivedType(typeof(InviteUsed), "invite-used/1")]
[JsonDerivedType(typeof(JoinRequested), "join-requested/1")]
[JsonDerivedType(typeof(JoinRequestResolved), "join-request-resolved/1")]
[JsonDerivedType(typeof(SuggestionMade), "suggestion-made/1")]
[JsonDerivedType(typeof(SuggestionResolved), "suggestion-resolved/1")]
internal abstract record PlaylistEvent;

/// <summary>Always the first event; who asked becomes the owner.</summary>
internal sealed record PlaylistCreated(
    string Name,
    string Description,
    PlaylistVisibility Visibility,
    DuplicatePolicy Duplicates,
    ForkOrigin? ForkedFrom) : PlaylistEvent;

/// <summary>What is not null changed.</summary>
internal sealed record DetailsChanged(
    string? Name,
    string? Description,
    PlaylistVisibility? Visibility,
    DuplicatePolicy? Duplicates) : PlaylistEvent;

/// <summary>Nothing follows it.</summary>
internal sealed record PlaylistDeleted : PlaylistEvent;

/// <summary>Tracks were added in order, with consecutive entry ids.</summary>
/// <param name="First">The first one's entry id.</param>
/// <param name="Tracks">The tracks.</param>
/// <param name="After">The present entry that they follow, 0 for none.</param>
/// <param name="Place">The removed place that they follow directly, where that is not <paramref name="After"/>.</param>
/// <param name="AddedBy">Whose entries they are, where that is not who asked.</param>
internal sealed record EntriesAdded(
    int First,
    ImmutableArray<Guid> Tracks,
    int After,
    int? Place,
    Guid? AddedBy) : PlaylistEvent;

/// <summary>Entries were moved, in this order, after one place.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="After">The present entry that they follow, none of themselves, 0 for none.</param>
/// <param name="Place">The removed place that they follow directly, where that is not <paramref name="After"/>.</param>
/// <param name="Placed">
/// The version that each counts as placed by, where entries were moved back: so an earlier move can be taken back next.
/// </param>
internal sealed record EntriesMoved(
    ImmutableArray<int> Entries,
    int After,
    int? Place,
    ImmutableArray<long>? Placed = null) : PlaylistEvent;

/// <summary>Entries were removed; their places stay known for a while.</summary>
internal sealed record EntriesRemoved(ImmutableArray<int> Entries) : PlaylistEvent;

/// <summary>Removed entries came back, one after the other.</summary>
internal sealed record EntriesRestored(ImmutableArray<RestoredEntry> Entries) : PlaylistEvent;

/// <summary>An entry that came back.</summary>
/// <param name="Id">The id that it always had.</param>
/// <param name="Track">Its track.</param>
/// <param name="AddedBy">Who had added it.</param>
/// <param name="AddedAt">When.</param>
/// <param name="After">The present entry that it follows, 0 for none.</param>
/// <param name="InPlace">Whether its own old place was still known, so that it came back there.</param>
internal sealed record RestoredEntry(
    int Id, Guid Track, Guid AddedBy, DateTimeOffset AddedAt, int After, bool InPlace);

/// <summary>An operation was answered that changed nothing; so its repetition gets the same answer.</summary>
internal sealed record OperationNoted : PlaylistEvent;

/// <summary>A user has this role now.</summary>
internal sealed record CollaboratorSet(Guid User, PlaylistRole Role) : PlaylistEvent;

/// <summary>A user has no role any more.</summary>
internal sealed record CollaboratorRemoved(Guid User) : PlaylistEvent;

/// <summary>An invite was made.</summary>
/// <param name="Id">Its number within the playlist.</param>
/// <param name="SecretHash">SHA-256 of the token's secret part, base64.</param>
/// <param name="Role">The role that it gives.</param>
/// <param name="ExpiresAt">Until when it works.</param>
/// <param name="UsesMax">How many it lets in.</param>
/// <param name="Approval">Whether an owner lets each one in.</param>
internal sealed record InviteCreated(
    int Id,
    string SecretHash,
    PlaylistRole Role,
    DateTimeOffset? ExpiresAt,
    int? UsesMax,
    bool Approval) : PlaylistEvent;

/// <summary>An invite was withdrawn.</summary>
internal sealed record InviteRevoked(int Id) : PlaylistEvent;

/// <summary>An invite let a user in with a role.</summary>
internal sealed record InviteUsed(int Id, Guid User, PlaylistRole Role) : PlaylistEvent;

/// <summary>An invite put a user on the list of those who wait.</summary>
internal sealed record JoinRequested(int Invite, Guid User, PlaylistRole Role) : PlaylistEvent;

/// <summary>A waiting user was let in, or not.</summary>
internal sealed record JoinRequestResolved(Guid User, PlaylistRole Role, bool Approved) : PlaylistEvent;

/// <summary>Tracks were proposed.</summary>
internal sealed record SuggestionMade(int Id, ImmutableArray<Guid> Tracks, int? After) : PlaylistEvent;

/// <summary>A proposal was approved (its entries follow in an event of their own) or declined.</summary>
internal sealed record SuggestionResolved(int Id, bool Approved) : PlaylistEvent;
