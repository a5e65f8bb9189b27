using System.Text;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Auditing;

/// <summary>
/// Notes who did what that matters for security: log-ins, sessions, permissions, settings. Entries go into the log of
/// the process under a category of their own, which no change of other categories' levels silences, in words of the
/// Elastic Common Schema. Users and sessions are given by their ids; the log writes keyed hashes of them.
/// </summary>
/// <remarks>Call it after the deed is durable. It never throws and never waits.</remarks>
public sealed class AuditLog(ILoggerFactory loggers)
{
    /// <summary>The log category of all audit entries.</summary>
    public const string Category = "IndiiMusic.Audit";

    private const string OriginalFormat = "{OriginalFormat}";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Writes one entry.</summary>
    /// <param name="action">What was done or tried.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="actor">The user who did it; null where nobody is known, or the operator did.</param>
    /// <param name="details">What else is known.</param>
    public void Write(AuditAction action, AuditOutcome outcome, Guid? actor = null, AuditDetails? details = null)
    {
        if (!_logger.IsEnabled(LogLevel.Information))
            return;

        var text = new StringBuilder("{EventAction}: {EventOutcome}");
        var values = new List<KeyValuePair<string, object?>>
        {
            new(AuditFields.Action, action.Name),
            new(AuditFields.Outcome, outcome == AuditOutcome.Success ? "success" : "failure"),
        };
        Add("user", AuditFields.User, actor);
        foreach (var (words, name, value) in details?.Present() ?? [])
            Add(words, name, value);

        values.Add(new(AuditFields.Category, action.Category));
        values.Add(new(AuditFields.Type, action.Type));
        values.Add(new(OriginalFormat, text.ToString()));
        _logger.Log(LogLevel.Information, new EventId(1, "audit"), values, null, static (state, _) => Describe(state));

        void Add(string words, string name, object? value)
        {
            if (value is null)
                return;
            text.Append(", ").Append(words).Append(" {").Append(name).Append('}');
            values.Add(new(name, value));
        }
    }

    // For providers that know no templates; ids may stand in none of them, so only the action does.
    private static string Describe(List<KeyValuePair<string, object?>> state) => $"{state[0].Value}: {state[1].Value}";
}

/// <summary>How what was tried ended.</summary>
public enum AuditOutcome
{
    /// <summary>It took effect.</summary>
    Success,

    /// <summary>It was refused, or failed.</summary>
    Failure,
}

/// <summary>What else an audit entry says; each part is left out where it is null.</summary>
public sealed record AuditDetails
{
    /// <summary>The session that it is about.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The user whom it befell, where that is another than who did it.</summary>
    public Guid? TargetUserId { get; init; }

    /// <summary>The playlist that it is about.</summary>
    public Guid? PlaylistId { get; init; }

    /// <summary>The number of an invite of that playlist.</summary>
    public int? InviteId { get; init; }

    /// <summary>The track that it is about.</summary>
    public Guid? TrackId { get; init; }

    /// <summary>The role that was given; <c>none</c> where one was taken.</summary>
    public string? Role { get; init; }

    /// <summary>The visibility that was chosen.</summary>
    public string? Visibility { get; init; }

    /// <summary>
    /// The configuration key that changed, such as <c>Logging:LogLevel:Default</c>. From what to what, secrets hidden,
    /// is the reason's.
    /// </summary>
    public string? Setting { get; init; }

    /// <summary>Why, in one sentence or a code, with nothing of a person in it.</summary>
    public string? Reason { get; init; }

    internal IEnumerable<(string Words, string Name, object? Value)> Present() =>
    [
        ("session", AuditFields.Session, SessionId),
        ("target user", AuditFields.TargetUser, TargetUserId),
        ("playlist", AuditFields.Playlist, PlaylistId),
        ("invite", AuditFields.Invite, InviteId),
        ("track", AuditFields.Track, TrackId),
        ("role", AuditFields.Role, Role),
        ("visibility", AuditFields.Visibility, Visibility),
        ("setting", AuditFields.Setting, Setting),
        ("reason", AuditFields.Reason, Reason),
    ];
}

/// <summary>The names of an audit entry's properties, for what writes the log.</summary>
public static class AuditFields
{
    /// <summary>The action's name.</summary>
    public const string Action = "EventAction";

    /// <summary>The field <c>event.category</c>.</summary>
    public const string Category = "EventCategory";

    /// <summary>The field <c>event.type</c>.</summary>
    public const string Type = "EventType";

    /// <summary>The field <c>event.outcome</c>.</summary>
    public const string Outcome = "EventOutcome";

    /// <summary>Why.</summary>
    public const string Reason = "EventReason";

    /// <summary>Who did it.</summary>
    public const string User = "UserId";

    /// <summary>The session.</summary>
    public const string Session = "SessionId";

    /// <summary>Whom it befell.</summary>
    public const string TargetUser = "TargetUserId";

    /// <summary>The playlist.</summary>
    public const string Playlist = "PlaylistId";

    /// <summary>The invite's number.</summary>
    public const string Invite = "InviteId";

    /// <summary>The track.</summary>
    public const string Track = "TrackId";

    /// <summary>The role.</summary>
    public const string Role = "Role";

    /// <summary>The visibility.</summary>
    public const string Visibility = "Visibility";

    /// <summary>The configuration key.</summary>
    public const string Setting = "Setting";
}
