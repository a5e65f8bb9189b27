using System.Collections.Immutable;

namespace IndiiMusic.Grains.Auth;

/// <summary>The document of a user's second factor. It is on when there is a <see cref="Secret"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.two-factor-state")]
internal sealed record TwoFactorState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>A secret that no code has confirmed yet, encrypted.</summary>
    [Id(1)]
    public string? PendingSecret { get; init; }

    /// <summary>When that one was made.</summary>
    [Id(2)]
    public DateTimeOffset? PendingSince { get; init; }

    /// <summary>What codes are made from, encrypted.</summary>
    [Id(3)]
    public string? Secret { get; init; }

    /// <summary>When it was turned on.</summary>
    [Id(4)]
    public DateTimeOffset? OnSince { get; init; }

    /// <summary>The time step of the last code that was taken: neither it nor one before it is taken again.</summary>
    [Id(5)]
    public long LastStep { get; init; }

    /// <summary>SHA-256 of each recovery code that was not used, in base64.</summary>
    [Id(6)]
    public ImmutableArray<string> RecoveryHashes { get; init; } = [];

    /// <summary>Oldest first.</summary>
    [Id(7)]
    public ImmutableArray<RememberedDevice> Devices { get; init; } = [];

    /// <summary>Wrong codes since the last right one.</summary>
    [Id(8)]
    public int WrongCodes { get; init; }

    /// <summary>Until when no code is looked at.</summary>
    [Id(9)]
    public DateTimeOffset? LockedUntil { get; init; }
}

/// <summary>A device that needs no code.</summary>
/// <param name="Id">Its id, by which it is listed and forgotten.</param>
/// <param name="Name">What its user calls it; empty where they did not say.</param>
/// <param name="Hash">SHA-256 of its token's secret, in base64.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.remembered-device")]
internal sealed record RememberedDevice(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Hash,
    [property: Id(3)] DateTimeOffset CreatedAt,
    [property: Id(4)] DateTimeOffset ExpiresAt);
