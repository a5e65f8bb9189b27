using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>The versions of a playlist.</summary>
/// <param name="Version">Counts all events.</param>
/// <param name="ContentVersion">The version that last changed entries: the ETag of the list.</param>
/// <param name="DetailsVersion">The version that last changed details: the ETag of the playlist.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-versions")]
public sealed record PlaylistVersions(
    [property: Id(0)] long Version,
    [property: Id(1)] long ContentVersion,
    [property: Id(2)] long DetailsVersion);

/// <summary>Who may read a playlist, and its versions at that moment.</summary>
/// <param name="Versions">The versions, which are for those who may read only.</param>
/// <param name="MayRead">One answer for each actor, in their order.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.read-access")]
public sealed record ReadAccess(
    [property: Id(0)] PlaylistVersions Versions,
    [property: Id(1)] ImmutableArray<bool> MayRead)
{
    /// <summary>Actors that one question may name.</summary>
    public const int ActorsMax = 1_000;
}

/// <summary>A playlist as its caller sees it, without entries.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-view")]
public sealed record PlaylistView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Description,
    [property: Id(3)] PlaylistVisibility Visibility,
    [property: Id(4)] DuplicatePolicy Duplicates,
    [property: Id(5)] Guid CreatedBy,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset ChangedAt,
    [property: Id(8)] int EntryCount,
    [property: Id(9)] PlaylistVersions Versions,
    [property: Id(10)] PlaylistRole? Role,
    [property: Id(11)] PlaylistCapabilities Capabilities,
    [property: Id(12)] ForkOrigin? ForkedFrom);

/// <summary>Where a fork came from.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.fork-origin")]
public sealed record ForkOrigin([property: Id(0)] Guid PlaylistId, [property: Id(1)] long Version);

/// <summary>One entry.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.entry-view")]
public sealed record EntryView(
    [property: Id(0)] int EntryId,
    [property: Id(1)] Guid TrackId,
    [property: Id(2)] Guid AddedBy,
    [property: Id(3)] DateTimeOffset AddedAt);

/// <summary>A page of entries, all of one version.</summary>
/// <param name="Entries">In the list's order.</param>
/// <param name="NextAfter">The entry that the next page begins after; null on the last page.</param>
/// <param name="EntryCount">Entries in the whole list.</param>
/// <param name="Versions">The versions that the page shows.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.entries-page")]
public sealed record EntriesPage(
    [property: Id(0)] ImmutableArray<EntryView> Entries,
    [property: Id(1)] int? NextAfter,
    [property: Id(2)] int EntryCount,
    [property: Id(3)] PlaylistVersions Versions);

/// <summary>What became of a command.</summary>
/// <param name="Versions">The versions right after it.</param>
/// <param name="Results">One per operation, in order.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.command-result")]
public sealed record CommandResult(
    [property: Id(0)] PlaylistVersions Versions,
    [property: Id(1)] ImmutableArray<OperationResult> Results);

/// <summary>What became of one operation.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="EntryIds">The entries that it added, moved, removed or brought back.</param>
/// <param name="UnaffectedEntryIds">Entries it named that were removed already, so that it left them alone.</param>
/// <param name="SuggestionId">The suggestion that it became, where the caller may only suggest.</param>
/// <param name="DuplicateTrackIds">Tracks that the list held already, where the policy is to warn.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.operation-result")]
public sealed record OperationResult(
    [property: Id(0)] OperationOutcome Outcome,
    [property: Id(1)] ImmutableArray<int> EntryIds,
    [property: Id(2)] ImmutableArray<int> UnaffectedEntryIds,
    [property: Id(3)] int? SuggestionId = null,
    [property: Id(4)] ImmutableArray<Guid> DuplicateTrackIds = default);

/// <summary>One user's role.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.collaborator-view")]
public sealed record CollaboratorView(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] PlaylistRole Role,
    [property: Id(2)] DateTimeOffset Since);

/// <summary>An invite as owners see it; the secret was told once, when it was made.</summary>
/// <param name="InviteId">Names it among the playlist's invites.</param>
/// <param name="Token">The link's secret part; only in the answer to its making, else null.</param>
/// <param name="Role">The role that it gives.</param>
/// <param name="ExpiresAt">Until when it works; null for ever.</param>
/// <param name="UsesMax">How many users it lets in; null for any number.</param>
/// <param name="Uses">How many it has let in.</param>
/// <param name="Approval">Whether an owner has to let each user in.</param>
/// <param name="CreatedBy">The owner who made it.</param>
/// <param name="CreatedAt">When.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.invite-view")]
public sealed record InviteView(
    [property: Id(0)] int InviteId,
    [property: Id(1)] string? Token,
    [property: Id(2)] PlaylistRole Role,
    [property: Id(3)] DateTimeOffset? ExpiresAt,
    [property: Id(4)] int? UsesMax,
    [property: Id(5)] int Uses,
    [property: Id(6)] bool Approval,
    [property: Id(7)] Guid CreatedBy,
    [property: Id(8)] DateTimeOffset CreatedAt);

/// <summary>What accepting an invite led to.</summary>
/// <param name="PlaylistId">The playlist.</param>
/// <param name="Role">The role that the user now has; null while an owner has still to approve.</param>
/// <param name="AwaitsApproval">Whether an owner has still to let the user in.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.invite-acceptance")]
public sealed record InviteAcceptance(
    [property: Id(0)] Guid PlaylistId,
    [property: Id(1)] PlaylistRole? Role,
    [property: Id(2)] bool AwaitsApproval);

/// <summary>A user who waits to be let in.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.join-request-view")]
public sealed record JoinRequestView(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] PlaylistRole Role,
    [property: Id(2)] DateTimeOffset RequestedAt);

/// <summary>Tracks that somebody proposed.</summary>
/// <param name="SuggestionId">Names it within the playlist.</param>
/// <param name="TrackIds">What is proposed, in order.</param>
/// <param name="After">
/// The entry to place them after, <see cref="PlaylistOperation.Start"/>, or null for the end.
/// </param>
/// <param name="SuggestedBy">Who proposed it.</param>
/// <param name="SuggestedAt">When.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.suggestion-view")]
public sealed record SuggestionView(
    [property: Id(0)] int SuggestionId,
    [property: Id(1)] ImmutableArray<Guid> TrackIds,
    [property: Id(2)] int? After,
    [property: Id(3)] Guid SuggestedBy,
    [property: Id(4)] DateTimeOffset SuggestedAt);

/// <summary>One command in the timeline.</summary>
/// <param name="FirstVersion">The version that its first event made.</param>
/// <param name="LastVersion">The version that its last event made.</param>
/// <param name="At">When it was decided.</param>
/// <param name="By">Who asked.</param>
/// <param name="OperationId">The client's id; null for changes that carry none.</param>
/// <param name="Changes">What happened, at most <see cref="ChangesShownMax"/> of its events.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.history-item")]
public sealed record HistoryItem(
    [property: Id(0)] long FirstVersion,
    [property: Id(1)] long LastVersion,
    [property: Id(2)] DateTimeOffset At,
    [property: Id(3)] Guid? By,
    [property: Id(4)] string? OperationId,
    [property: Id(5)] ImmutableArray<PlaylistChange> Changes)
{
    /// <summary>Events of one command that the timeline shows.</summary>
    public const int ChangesShownMax = 100;
}

/// <summary>A page of the timeline, newest first.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.history-page")]
public sealed record HistoryPage(
    [property: Id(0)] ImmutableArray<HistoryItem> Items,
    [property: Id(1)] long? NextBefore);

/// <summary>How the entries of two versions differ.</summary>
/// <param name="From">The older side's version.</param>
/// <param name="To">The newer side's version.</param>
/// <param name="Added">Entries that only the newer side holds, in its order.</param>
/// <param name="Removed">Entries that only the older side holds, in its order.</param>
/// <param name="Moved">Entries in both, whose order changed: the fewest that explain the difference.</param>
/// <param name="Details">What changed in the details; null when nothing did.</param>
/// <param name="Truncated">Whether a list was cut at <see cref="PageLimits.Max"/> items.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-diff")]
public sealed record PlaylistDiff(
    [property: Id(0)] long From,
    [property: Id(1)] long To,
    [property: Id(2)] ImmutableArray<PlacedEntry> Added,
    [property: Id(3)] ImmutableArray<EntryView> Removed,
    [property: Id(4)] ImmutableArray<PlacedEntry> Moved,
    [property: Id(5)] SetDetails? Details,
    [property: Id(6)] bool Truncated);

/// <summary>An entry and the one before it, <see cref="PlaylistOperation.Start"/> for none.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.placed-entry")]
public sealed record PlacedEntry([property: Id(0)] EntryView Entry, [property: Id(1)] int After);

/// <summary>What a fork takes over.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.fork-content")]
public sealed record ForkContent(
    [property: Id(0)] long Version,
    [property: Id(1)] string Name,
    [property: Id(2)] string Description,
    [property: Id(3)] ImmutableArray<Guid> TrackIds);
