using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>A page of those who have a role, by user id.</summary>
public sealed record CollaboratorsResponse(IReadOnlyList<CollaboratorResponse> Items, string? NextCursor);

/// <summary>One user's role.</summary>
public sealed record CollaboratorResponse(
    Guid UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Username,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DisplayName,
    PlaylistRole Role,
    DateTimeOffset Since);

/// <summary>Invites that can still be used.</summary>
public sealed record InvitesResponse(IReadOnlyList<InviteResponse> Items, string? NextCursor);

/// <summary>An invite.</summary>
/// <param name="Token">What to send to /invites/{token}/accept; only in the answer to its making.</param>
/// <param name="Uses">How many users it has let in.</param>
public sealed record InviteResponse(
    int InviteId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Token,
    PlaylistRole Role,
    DateTimeOffset? ExpiresAt,
    int? MaxUses,
    int Uses,
    bool Approval,
    Guid CreatedBy,
    DateTimeOffset CreatedAt);

/// <summary>What accepting an invite led to.</summary>
/// <param name="Role">The role that the user now has; null while an owner has still to approve.</param>
public sealed record InviteAcceptanceResponse(Guid PlaylistId, PlaylistRole? Role, bool AwaitsApproval);

/// <summary>Users who wait to be let in.</summary>
public sealed record JoinRequestsResponse(IReadOnlyList<JoinRequestResponse> Items, string? NextCursor);

/// <summary>A user who waits to be let in.</summary>
public sealed record JoinRequestResponse(
    Guid UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Username,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DisplayName,
    PlaylistRole Role,
    DateTimeOffset RequestedAt);

/// <summary>A page of suggestions that wait for an answer, oldest first.</summary>
public sealed record SuggestionsResponse(IReadOnlyList<SuggestionResponse> Items, string? NextCursor);

/// <summary>Tracks that somebody proposed.</summary>
/// <param name="After">The entry to place them after, or <c>"start"</c>; left out for the end.</param>
public sealed record SuggestionResponse(
    int SuggestionId,
    IReadOnlyList<SuggestedTrackResponse> Tracks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EntryAnchor? After,
    Guid SuggestedBy,
    DateTimeOffset SuggestedAt);

/// <summary>One track that somebody proposed.</summary>
public sealed record SuggestedTrackResponse(Guid TrackId, EntryTrackResponse Track);
