using System.Collections.Immutable;

namespace IndiiMusic.Grains.Auth;

/// <summary>The document of a user's personal access tokens.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.personal-tokens-state")]
internal sealed record PersonalTokensState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>Oldest first.</summary>
    [Id(1)]
    public ImmutableArray<PersonalTokenEntry> Tokens { get; init; } = [];
}

/// <summary>One token.</summary>
/// <param name="Id">Its id, by which it is listed and revoked.</param>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Hash">SHA-256 of its secret, in base64.</param>
/// <param name="LastCharacters">The end of its text.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops being good.</param>
/// <param name="LastUsedAt">The hour of its last use; null before the first.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.personal-token-entry")]
internal sealed record PersonalTokenEntry(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Hash,
    [property: Id(3)] string LastCharacters,
    [property: Id(4)] ImmutableArray<string> Scopes,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset ExpiresAt,
    [property: Id(7)] DateTimeOffset? LastUsedAt = null);
