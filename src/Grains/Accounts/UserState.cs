using IndiiMusic.Grains.Interfaces.Accounts;

namespace IndiiMusic.Grains.Accounts;

/// <summary>The state document of a user. The user exists when it has a <see cref="Username"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.user-state")]
internal sealed record UserState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>As its owner wrote it.</summary>
    [Id(1)]
    public string? Username { get; init; }

    /// <summary>As its owner wrote it.</summary>
    [Id(2)]
    public string? Email { get; init; }

    /// <summary>What others read.</summary>
    [Id(3)]
    public string? DisplayName { get; init; }

    /// <summary>In the format of ASP.NET Core Identity, which names the algorithm, its cost and the salt.</summary>
    [Id(4)]
    public string? PasswordHash { get; init; }

    /// <summary>When the account was made.</summary>
    [Id(5)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The picture; null when there is none.</summary>
    [Id(6)]
    public AvatarReference? Avatar { get; init; }

    /// <summary>The registration under this id came to nothing, and must not succeed any more.</summary>
    [Id(7)]
    public bool IsAbandoned { get; init; }

    /// <summary>Names of roles with spaces between; null while nobody has decided: then the ordinary ones.</summary>
    [Id(8)]
    public string? Roles { get; init; }
}
