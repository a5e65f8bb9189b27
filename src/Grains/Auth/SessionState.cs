namespace IndiiMusic.Grains.Auth;

/// <summary>The document of a session. Secrets are kept as SHA-256 in base64; a session that ended has none.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.session-state")]
internal sealed record SessionState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>Whose session it is; null when it was never started or has ended.</summary>
    [Id(1)]
    public Guid? UserId { get; init; }

    /// <summary>Hash of the secret that all of the session's refresh tokens share.</summary>
    [Id(2)]
    public string FamilyHash { get; init; } = "";

    /// <summary>Hash of the secret of the refresh token that is good now.</summary>
    [Id(3)]
    public string PresentHash { get; init; } = "";

    /// <summary>Hash of the secret of the one before it, while it may be traded once more; else null.</summary>
    [Id(4)]
    public string? PreviousHash { get; init; }

    /// <summary>When the session was started.</summary>
    [Id(5)]
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the present refresh token was handed out.</summary>
    [Id(6)]
    public DateTimeOffset RefreshedAt { get; init; }

    /// <summary>When the session ends by itself.</summary>
    [Id(7)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until when what is sensitive may be done, since whoever holds it proved who they are.</summary>
    [Id(20)]
    public DateTimeOffset? ProvenUntil { get; init; }

    /// <summary>What its tokens are for: scopes as in a token; null from before there was a choice.</summary>
    [Id(8)]
    public string? Scope { get; init; }

    /// <summary>What the client said of its device at log-in.</summary>
    [Id(9)]
    public string? Device { get; init; }

    /// <summary>Where the log-in came from.</summary>
    [Id(10)]
    public string? Address { get; init; }

    /// <summary>What the user calls it.</summary>
    [Id(11)]
    public string? Name { get; init; }
}
