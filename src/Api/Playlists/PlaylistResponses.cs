using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>A playlist as its caller sees it, without entries.</summary>
/// <param name="Role">What the caller is to it; null for none.</param>
/// <param name="Capabilities">What the caller may do with it now.</param>
/// <param name="ForkedFrom">Where it was copied from, if it was.</param>
public sealed record PlaylistResponse(
    Guid Id,
    string Name,
    string Description,
    PlaylistVisibility Visibility,
    DuplicatePolicy Duplicates,
    Guid CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    int EntryCount,
    long Version,
    long ContentVersion,
    long DetailsVersion,
    PlaylistRole? Role,
    IReadOnlyList<string> Capabilities,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ForkOriginResponse? ForkedFrom);

/// <summary>Where a fork came from.</summary>
public sealed record ForkOriginResponse(Guid PlaylistId, long Version);

/// <summary>A page of playlists.</summary>
public sealed record PlaylistsResponse(IReadOnlyList<PlaylistResponse> Items, string? NextCursor);

/// <summary>
/// What an entry shows of its track. When it is not available, to this caller or at all, nothing else is told.
/// </summary>
public sealed record EntryTrackResponse(
    bool Available,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Artists,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Album,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? DurationMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? HasArtwork)
{
    /// <summary>A track that does not exist, or that the caller may not hear.</summary>
    public static readonly EntryTrackResponse Unavailable = new(false, null, null, null, null, null);
}

/// <summary>One entry.</summary>
public sealed record EntryResponse(
    int EntryId, Guid TrackId, Guid AddedBy, DateTimeOffset AddedAt, EntryTrackResponse Track);

/// <summary>One entry and the place it stands after: an entry id, or <c>"start"</c>.</summary>
public sealed record PlacedEntryResponse(
    EntryAnchor After, int EntryId, Guid TrackId, Guid AddedBy, DateTimeOffset AddedAt, EntryTrackResponse Track);

/// <summary>A page of entries, all of one version.</summary>
public sealed record EntriesResponse(
    IReadOnlyList<EntryResponse> Items, string? NextCursor, int EntryCount, long Version, long ContentVersion);

/// <summary>What became of a command, and the versions right after it.</summary>
public sealed record CommandResponse(
    long Version, long ContentVersion, long DetailsVersion, IReadOnlyList<OperationResponse> Results);

/// <summary>What became of one operation.</summary>
/// <param name="UnaffectedEntryIds">Entries it named that were removed already, so that it left them alone.</param>
/// <param name="SuggestionId">The suggestion that it became, where the caller may only suggest.</param>
/// <param name="DuplicateTrackIds">Tracks that the list held already, where the policy is to warn.</param>
public sealed record OperationResponse(
    OperationOutcome Outcome,
    IReadOnlyList<int> EntryIds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? UnaffectedEntryIds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? SuggestionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? DuplicateTrackIds);

/// <summary>Details of a playlist; those that did not change are left out.</summary>
public sealed record DetailsResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlaylistVisibility? Visibility,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DuplicatePolicy? Duplicates);

/// <summary>The timeline, newest first.</summary>
public sealed record HistoryResponse(IReadOnlyList<HistoryItemResponse> Items, string? NextCursor);

/// <summary>One command in the timeline.</summary>
public sealed record HistoryItemResponse(
    long FirstVersion,
    long LastVersion,
    DateTimeOffset At,
    Guid? By,
    string? OperationId,
    IReadOnlyList<ChangeResponse> Changes);

/// <summary>How the entries and details of two versions differ.</summary>
public sealed record DiffResponse(
    long From,
    long To,
    IReadOnlyList<PlacedEntryResponse> Added,
    IReadOnlyList<EntryResponse> Removed,
    IReadOnlyList<PlacedEntryResponse> Moved,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DetailsResponse? Details,
    bool Truncated);
