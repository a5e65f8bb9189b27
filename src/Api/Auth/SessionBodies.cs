using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Auth;

/// <summary>A session: one log-in on one device.</summary>
/// <param name="Id">The session.</param>
/// <param name="IsCurrent">Whether it is the one that asks.</param>
/// <param name="Name">What its user calls it; null where they did not say.</param>
/// <param name="Device">What its client said of itself at log-in; null where it said nothing.</param>
/// <param name="Address">The address that the log-in came from.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="LastSeenAt">When its tokens were last renewed, which clients do about every ten minutes of use.</param>
/// <param name="ExpiresAt">When it ends unless it is used.</param>
/// <param name="Scope">What its tokens are for.</param>
public sealed record SessionResponse(
    Guid Id,
    bool IsCurrent,
    string? Name,
    string? Device,
    string? Address,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset ExpiresAt,
    string Scope)
{
    internal static SessionResponse Of(SessionView session, Guid current) => new(
        session.Id,
        session.Id == current,
        session.Name,
        session.Device,
        session.Address,
        session.CreatedAt,
        session.SeenAt,
        session.ExpiresAt,
        Rights.Format(session.Scopes));
}

/// <summary>One's sessions.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Always null: there is no further page.</param>
public sealed record SessionsResponse(IReadOnlyList<SessionResponse> Items, string? NextCursor = null);

/// <summary>A new name for a session.</summary>
/// <param name="Name">What to call it; null takes the name away.</param>
public sealed record RenameSessionRequest([property: StringLength(AuthLimits.DeviceLengthMax)] string? Name);
