namespace IndiiMusic.Grains.Auditing;

/// <summary>
/// What an audit entry can be about: its name (<c>event.action</c>) and the words that the Elastic Common Schema allows
/// for <c>event.category</c> and <c>event.type</c>. Searches and alerts rely on them: they never change.
/// </summary>
/// <param name="Name">The action.</param>
/// <param name="Category">One of the schema's categories.</param>
/// <param name="Type">One of the types that it allows for that category.</param>
public sealed record AuditAction(string Name, string Category, string Type)
{
    /// <summary>An account was made.</summary>
    public static AuditAction AccountRegistered { get; } = new("account-registered", "iam", "creation");

    /// <summary>Somebody logged in, or tried to.</summary>
    public static AuditAction LogIn { get; } = new("log-in", "authentication", "start");

    /// <summary>A used refresh token was presented again, which ends its session.</summary>
    public static AuditAction RefreshTokenReused { get; } = new("refresh-token-reused", "authentication", "info");

    /// <summary>Somebody logged out.</summary>
    public static AuditAction LogOut { get; } = new("log-out", "authentication", "end");

    /// <summary>A session ended otherwise.</summary>
    public static AuditAction SessionEnded { get; } = new("session-ended", "session", "end");

    /// <summary>A password was changed.</summary>
    public static AuditAction PasswordChanged { get; } = new("password-changed", "iam", "change");

    /// <summary>An e-mail address was changed.</summary>
    public static AuditAction EmailChanged { get; } = new("email-changed", "iam", "change");

    /// <summary>What a user shows of themselves was changed.</summary>
    public static AuditAction ProfileChanged { get; } = new("profile-changed", "iam", "change");

    /// <summary>A user got other roles, or that was refused.</summary>
    public static AuditAction RolesChanged { get; } = new("roles-changed", "iam", "change");

    /// <summary>Somebody got a role in a playlist, or another one, or lost it.</summary>
    public static AuditAction PlaylistRoleChanged { get; } = new("playlist-role-changed", "iam", "change");

    /// <summary>A playlist got an owner, or lost one.</summary>
    public static AuditAction PlaylistOwnershipChanged { get; } = new("playlist-ownership-changed", "iam", "change");

    /// <summary>Who may read a playlist without a role was changed.</summary>
    public static AuditAction PlaylistVisibilityChanged { get; } = new("playlist-visibility-changed", "iam", "change");

    /// <summary>An invite to a playlist was made.</summary>
    public static AuditAction PlaylistInviteCreated { get; } = new("playlist-invite-created", "iam", "creation");

    /// <summary>An invite to a playlist was withdrawn.</summary>
    public static AuditAction PlaylistInviteRevoked { get; } = new("playlist-invite-revoked", "iam", "deletion");

    /// <summary>A playlist was deleted.</summary>
    public static AuditAction PlaylistDeleted { get; } = new("playlist-deleted", "iam", "deletion");

    /// <summary>A track was deleted.</summary>
    public static AuditAction TrackDeleted { get; } = new("track-deleted", "file", "deletion");

    /// <summary>The operator began to bring music in.</summary>
    public static AuditAction ImportStarted { get; } = new("import-started", "file", "creation");

    /// <summary>A setting was changed while the program runs, or such a change was refused.</summary>
    public static AuditAction ConfigurationChanged { get; } = new("configuration-changed", "configuration", "change");

    /// <summary>Somebody logged in proved that it is still they, or tried to.</summary>
    public static AuditAction StepUp { get; } = new("step-up", "authentication", "info");

    /// <summary>A personal access token was made.</summary>
    public static AuditAction PersonalTokenCreated { get; } = new("personal-token-created", "iam", "creation");

    /// <summary>A personal access token was revoked.</summary>
    public static AuditAction PersonalTokenRevoked { get; } = new("personal-token-revoked", "iam", "deletion");

    /// <summary>A second factor was turned on.</summary>
    public static AuditAction SecondFactorTurnedOn { get; } = new("second-factor-turned-on", "iam", "change");

    /// <summary>A second factor was turned off.</summary>
    public static AuditAction SecondFactorTurnedOff { get; } = new("second-factor-turned-off", "iam", "change");

    /// <summary>So many codes were wrong that none is looked at for a while.</summary>
    public static AuditAction SecondFactorLocked { get; } = new("second-factor-locked", "authentication", "info");

    /// <summary>A recovery code was used up.</summary>
    public static AuditAction RecoveryCodeUsed { get; } = new("recovery-code-used", "authentication", "info");

    /// <summary>New recovery codes were made.</summary>
    public static AuditAction RecoveryCodesReplaced { get; } = new("recovery-codes-replaced", "iam", "change");

    /// <summary>A device needs no code of the second factor any more.</summary>
    public static AuditAction DeviceRemembered { get; } = new("device-remembered", "iam", "change");

    /// <summary>A device, or all, needs a code again.</summary>
    public static AuditAction DevicesForgotten { get; } = new("devices-forgotten", "iam", "change");

    /// <summary>All of them, for whoever holds a list against them.</summary>
    public static IReadOnlyList<AuditAction> All { get; } =
    [
        AccountRegistered, LogIn, RefreshTokenReused, LogOut, SessionEnded, PasswordChanged, EmailChanged,
        ProfileChanged, RolesChanged, PlaylistRoleChanged, PlaylistOwnershipChanged, PlaylistVisibilityChanged,
        PlaylistInviteCreated, PlaylistInviteRevoked, PlaylistDeleted, TrackDeleted, ImportStarted,
        ConfigurationChanged, StepUp, PersonalTokenCreated, PersonalTokenRevoked, SecondFactorTurnedOn,
        SecondFactorTurnedOff, SecondFactorLocked, RecoveryCodeUsed, RecoveryCodesReplaced, DeviceRemembered,
        DevicesForgotten,
    ];
}
