using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>
/// What one version changed, as clients apply it. A client that holds the list at <c>Version - 1</c> has it at
/// <c>Version</c> afterwards. Every <c>After</c> names an entry that is in the list at that moment, or
/// <see cref="PlaylistOperation.Start"/>.
/// </summary>
/// <param name="Version">The version that it makes.</param>
/// <param name="At">When it was decided.</param>
/// <param name="By">Who asked.</param>
/// <param name="OperationId">The client's operation that it belongs to, so that its sender knows its own echo.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-change")]
public abstract record PlaylistChange(
    [property: Id(0)] long Version,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] Guid? By,
    [property: Id(3)] string? OperationId);

/// <summary>Entries were added, in this order, after one entry.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.entries-added-change")]
public sealed record EntriesAddedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] int After,
    [property: Id(1)] ImmutableArray<EntryView> Entries) : PlaylistChange(Version, At, By, OperationId);

/// <summary>Entries were moved, in this order, after one entry that is not among them.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.entries-moved-change")]
public sealed record EntriesMovedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] int After,
    [property: Id(1)] ImmutableArray<int> EntryIds) : PlaylistChange(Version, At, By, OperationId);

/// <summary>Entries were removed.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.entries-removed-change")]
public sealed record EntriesRemovedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] ImmutableArray<int> EntryIds) : PlaylistChange(Version, At, By, OperationId);

/// <summary>
/// Entries came back with the ids that they had. Applied in order, each after the entry it names, which may be one
/// that stands before it in this list.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.entries-restored-change")]
public sealed record EntriesRestoredChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] ImmutableArray<PlacedEntry> Entries) : PlaylistChange(Version, At, By, OperationId);

/// <summary>Details that are not null changed to these.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.details-changed-change")]
public sealed record DetailsChangedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] SetDetails Details) : PlaylistChange(Version, At, By, OperationId);

/// <summary>The playlist was created; always version 1.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.created-change")]
public sealed record CreatedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] SetDetails Details,
    [property: Id(1)] ForkOrigin? ForkedFrom) : PlaylistChange(Version, At, By, OperationId);

/// <summary>A user's role is now this; null means that the user has none any more.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.collaborator-changed-change")]
public sealed record CollaboratorChangedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] Guid UserId,
    [property: Id(1)] PlaylistRole? Role) : PlaylistChange(Version, At, By, OperationId);

/// <summary>Suggestions were made or answered: read them again.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.suggestions-changed-change")]
public sealed record SuggestionsChangedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    [property: Id(0)] int SuggestionId) : PlaylistChange(Version, At, By, OperationId);

/// <summary>Invites or join requests changed: owners may read them again.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.admission-changed-change")]
public sealed record AdmissionChangedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId) : PlaylistChange(Version, At, By, OperationId);

/// <summary>An operation was taken note of that changed nothing.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.nothing-changed-change")]
public sealed record NothingChangedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId) : PlaylistChange(Version, At, By, OperationId);

/// <summary>The playlist was deleted.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.deleted-change")]
public sealed record DeletedChange(
    long Version, DateTimeOffset At, Guid? By, string? OperationId) : PlaylistChange(Version, At, By, OperationId);

/// <summary>Consecutive versions of one playlist, none left out.</summary>
/// <param name="PlaylistId">The playlist.</param>
/// <param name="Versions">The versions after the last change.</param>
/// <param name="Changes">In order of version; empty when the caller has the newest already.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-changes")]
public sealed record PlaylistChanges(
    [property: Id(0)] Guid PlaylistId,
    [property: Id(1)] PlaylistVersions Versions,
    [property: Id(2)] ImmutableArray<PlaylistChange> Changes);

/// <summary>What a client gets that asks for what it missed.</summary>
/// <param name="Missing">All that came after the version it has; null when that is too far back.</param>
/// <param name="Snapshot">The playlist as it is now, when <paramref name="Missing"/> is null.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.catch-up")]
public sealed record CatchUp(
    [property: Id(0)] PlaylistChanges? Missing,
    [property: Id(1)] PlaylistSnapshot? Snapshot);

/// <summary>
/// The playlist with its first entries. A client reads the rest by <c>entries</c> with <c>version</c> set to the
/// snapshot's version, so that all pages belong together.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.playlist-snapshot")]
public sealed record PlaylistSnapshot(
    [property: Id(0)] PlaylistView Playlist,
    [property: Id(1)] EntriesPage FirstPage);
