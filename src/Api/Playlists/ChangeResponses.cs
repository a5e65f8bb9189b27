using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// What one version changed. A client that holds the list at the version before has it at this one afterwards.
/// <c>by</c> is null where the server itself acted; <c>operationId</c> is left out where there was none.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(EntriesAddedResponse), "entriesAdded")]
[JsonDerivedType(typeof(EntriesMovedResponse), "entriesMoved")]
[JsonDerivedType(typeof(EntriesRemovedResponse), "entriesRemoved")]
[JsonDerivedType(typeof(EntriesRestoredResponse), "entriesRestored")]
[JsonDerivedType(typeof(DetailsChangedResponse), "detailsChanged")]
[JsonDerivedType(typeof(CreatedResponse), "created")]
[JsonDerivedType(typeof(CollaboratorChangedResponse), "collaboratorChanged")]
[JsonDerivedType(typeof(SuggestionsChangedResponse), "suggestionsChanged")]
[JsonDerivedType(typeof(AdmissionChangedResponse), "admissionChanged")]
[JsonDerivedType(typeof(NothingChangedResponse), "nothingChanged")]
[JsonDerivedType(typeof(DeletedResponse), "deleted")]
public abstract record ChangeResponse(
    [property: JsonPropertyOrder(-1)] long Version,
    [property: JsonPropertyOrder(-1)] DateTimeOffset At,
    [property: JsonPropertyOrder(-1)] Guid? By,
    [property: JsonPropertyOrder(-1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OperationId);

/// <summary>Entries were added, in this order, after one entry or at the start.</summary>
public sealed record EntriesAddedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    EntryAnchor After, IReadOnlyList<EntryResponse> Entries) : ChangeResponse(Version, At, By, OperationId);

/// <summary>Entries were moved, in this order, after one entry that is not among them.</summary>
public sealed record EntriesMovedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    EntryAnchor After, IReadOnlyList<int> EntryIds) : ChangeResponse(Version, At, By, OperationId);

/// <summary>Entries were removed.</summary>
public sealed record EntriesRemovedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    IReadOnlyList<int> EntryIds) : ChangeResponse(Version, At, By, OperationId);

/// <summary>Entries came back; applied in order, each after the entry it names.</summary>
public sealed record EntriesRestoredResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    IReadOnlyList<PlacedEntryResponse> Entries) : ChangeResponse(Version, At, By, OperationId);

/// <summary>The details that are there changed to these.</summary>
public sealed record DetailsChangedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    DetailsResponse Details) : ChangeResponse(Version, At, By, OperationId);

/// <summary>The playlist was created.</summary>
public sealed record CreatedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    DetailsResponse Details,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ForkOriginResponse? ForkedFrom)
    : ChangeResponse(Version, At, By, OperationId);

/// <summary>A user's role is now this; null means that the user has none any more.</summary>
public sealed record CollaboratorChangedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    Guid UserId, PlaylistRole? Role) : ChangeResponse(Version, At, By, OperationId);

/// <summary>Suggestions were made or answered: read them again.</summary>
public sealed record SuggestionsChangedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId,
    int SuggestionId) : ChangeResponse(Version, At, By, OperationId);

/// <summary>Invites or join requests changed: owners may read them again.</summary>
public sealed record AdmissionChangedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId) : ChangeResponse(Version, At, By, OperationId);

/// <summary>An operation was taken note of that changed nothing.</summary>
public sealed record NothingChangedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId) : ChangeResponse(Version, At, By, OperationId);

/// <summary>The playlist was deleted.</summary>
public sealed record DeletedResponse(
    long Version, DateTimeOffset At, Guid? By, string? OperationId) : ChangeResponse(Version, At, By, OperationId);

/// <summary>
/// Consecutive versions, none left out, and the versions after the last. Empty when there is nothing new.
/// </summary>
public sealed record ChangesResponse(
    long Version, long ContentVersion, long DetailsVersion, IReadOnlyList<ChangeResponse> Changes);

/// <summary>
/// The playlist and its first entries, all of one version; the rest is read from <c>entries</c> with <c>version</c>
/// set to that version and <c>cursor</c> to the page's <c>nextCursor</c>.
/// </summary>
public sealed record SnapshotResponse(PlaylistResponse Playlist, EntriesResponse FirstPage);

/// <summary>
/// What a client missed, as in <see cref="ChangesResponse"/>; or, for one whose version is too far back or that has
/// none, a snapshot and nothing else.
/// </summary>
public sealed record CatchUpResponse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ContentVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? DetailsVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ChangeResponse>? Changes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SnapshotResponse? Snapshot)
{
    /// <summary>Nothing but what was missed.</summary>
    public static CatchUpResponse Of(ChangesResponse missing) => new(
        missing.Version, missing.ContentVersion, missing.DetailsVersion, missing.Changes, Snapshot: null);

    /// <summary>Nothing but a snapshot.</summary>
    public static CatchUpResponse Of(SnapshotResponse snapshot) => new(null, null, null, null, snapshot);
}
