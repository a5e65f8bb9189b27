using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Auth;

/// <summary>A personal access token to make.</summary>
/// <param name="Name">What to call it, such as the script that it is for.</param>
/// <param name="Scopes">What it may do, such as <c>playlists:read</c>: one or more that the caller has.</param>
/// <param name="ExpiresAt">When it stops being good: within 366 days; in 90 days unless given.</param>
public sealed record CreatePersonalTokenRequest(
    [property: StringLength(AuthLimits.PersonalTokenNameLengthMax, MinimumLength = 1)] string Name,
    [property: MinLength(1)]
    [property: MaxLength(AuthLimits.PersonalTokenScopesMax)]
    IReadOnlyList<string> Scopes,
    DateTimeOffset? ExpiresAt = null);

/// <summary>A personal access token, but for what it is made of.</summary>
/// <param name="Id">The token.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="LastCharacters">The end of its text, to tell tokens apart.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops being good.</param>
/// <param name="LastUsedAt">The hour of its last use; null before the first.</param>
public sealed record PersonalTokenResponse(
    Guid Id,
    string Name,
    IReadOnlyList<string> Scopes,
    string LastCharacters,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt)
{
    internal static PersonalTokenResponse Of(PersonalTokenView view) => new(
        view.Id, view.Name, view.Scopes, view.LastCharacters, view.CreatedAt, view.ExpiresAt, view.LastUsedAt);
}

/// <summary>A personal access token that was just made.</summary>
/// <param name="Token">Its text, which is shown only now. Goes into <c>Authorization: Bearer</c>.</param>
/// <param name="PersonalToken">What its list shows of it.</param>
public sealed record CreatedPersonalTokenResponse(string Token, PersonalTokenResponse PersonalToken);

/// <summary>All personal access tokens of a user.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Always null: there is no further page.</param>
public sealed record PersonalTokensResponse(IReadOnlyList<PersonalTokenResponse> Items, string? NextCursor = null);
