using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// The personal access tokens of one user, for scripts; the key is the user's id. Of a token only a hash is kept.
/// </summary>
[Alias("indii.auth.personal-tokens-grain")]
public interface IPersonalTokensGrain : IGrainWithGuidKey
{
    /// <summary>Makes a token. Its text is in the answer and nowhere else.</summary>
    /// <param name="actor">Who asks: the user.</param>
    /// <param name="sessionId">The session that asks, which must have proven lately who holds it.</param>
    /// <param name="token">What it is to be.</param>
    /// <exception cref="Errors.IndiiException">
    /// <c>not_found</c> for anybody else; <c>step_up_required</c>; <c>invalid_request</c>; <c>limit_exceeded</c>.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("Create")]
    Task<CreatedPersonalToken> Create(Actor actor, Guid sessionId, NewPersonalToken token);

    /// <summary>All tokens, newest first, those that expired since the last one was made among them.</summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [SafeToRepeat]
    [Alias("List")]
    Task<ImmutableArray<PersonalTokenView>> List(Actor actor);

    /// <summary>Ends a token. Ending it again does nothing.</summary>
    /// <returns>Whether there was such a token.</returns>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [SafeToRepeat]
    [Alias("Revoke")]
    Task<bool> Revoke(Actor actor, Guid tokenId);

    /// <summary>What a token allows; null unless it is one of these and good. Notes that it is used.</summary>
    /// <param name="secretHash">The hash of its secret.</param>
    [SafeToRepeat]
    [Alias("Use")]
    Task<PersonalTokenGrant?> Use(string secretHash);

    /// <summary>Whether the token is there and has not expired. Notes that it is used.</summary>
    [SafeToRepeat]
    [Alias("IsActive")]
    Task<bool> IsActive(Guid tokenId);
}

/// <summary>A token to make.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Scopes">What it allows, in the words of access tokens' scopes; no more than its maker may do.</param>
/// <param name="ExpiresAt">When it stops being good; null for the default.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.new-personal-token")]
public sealed record NewPersonalToken(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<string> Scopes,
    [property: Id(2)] DateTimeOffset? ExpiresAt = null);

/// <summary>A token as its list shows it.</summary>
/// <param name="Id">The token.</param>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="LastCharacters">The end of its text, to tell tokens apart.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops being good.</param>
/// <param name="LastUsedAt">The hour of its last use; null before the first.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.personal-token-view")]
public sealed record PersonalTokenView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<string> Scopes,
    [property: Id(3)] string LastCharacters,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] DateTimeOffset ExpiresAt,
    [property: Id(6)] DateTimeOffset? LastUsedAt);

/// <summary>A token that was just made.</summary>
/// <param name="View">As its list shows it.</param>
/// <param name="Token">Its text, which is kept nowhere.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.created-personal-token")]
public sealed record CreatedPersonalToken([property: Id(0)] PersonalTokenView View, [property: Id(1)] string Token)
{
    /// <summary>Leaves the token out, so that no log ever holds it.</summary>
    public override string ToString() => $"{nameof(CreatedPersonalToken)} {{ Id = {View.Id} }}";
}

/// <summary>What a token that was shown allows.</summary>
/// <param name="TokenId">The token.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">When it stops being good.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.personal-token-grant")]
public sealed record PersonalTokenGrant(
    [property: Id(0)] Guid TokenId,
    [property: Id(1)] ImmutableArray<string> Scopes,
    [property: Id(2)] DateTimeOffset ExpiresAt);
