using System.Collections.Frozen;
using IndiiMusic.Grains.Auditing;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>How Elasticsearch keeps a field.</summary>
public enum EcsType
{
    /// <summary>A word, found as a whole.</summary>
    Keyword,

    /// <summary>A whole number.</summary>
    Long,

    /// <summary>A time.</summary>
    Date,

    /// <summary>An address.</summary>
    Ip,

    /// <summary>A text, found by its words.</summary>
    MatchOnlyText,

    /// <summary>A long word, found by its parts.</summary>
    Wildcard,
}

/// <summary>
/// Every field that a line may have, with the type that it always has, so that no two lines disagree about a mapping:
/// fields of the Elastic Common Schema, and our own under <c>indiimusic</c>. What stands under <c>labels</c> is always
/// a string. Tests hold them against the schema and against docs/logs/index-template.json.
/// </summary>
public static class EcsFields
{
    /// <summary>The version of the schema whose fields these are.</summary>
    public const string SchemaVersion = "8.17.0";

    /// <summary>What our own fields begin with.</summary>
    public const string Own = "indiimusic.";

    /// <summary>What a property begins with that has no field of its own.</summary>
    public const string Labels = "labels.";

    /// <summary>All of them but labels.</summary>
    public static FrozenDictionary<string, EcsType> All { get; } = new Dictionary<string, EcsType>
    {
        ["@timestamp"] = EcsType.Date,
        ["message"] = EcsType.MatchOnlyText,
        ["ecs.version"] = EcsType.Keyword,
        ["log.level"] = EcsType.Keyword,
        ["log.logger"] = EcsType.Keyword,
        ["service.name"] = EcsType.Keyword,
        ["service.version"] = EcsType.Keyword,
        ["service.node.name"] = EcsType.Keyword,
        ["service.environment"] = EcsType.Keyword,
        ["process.pid"] = EcsType.Long,
        ["trace.id"] = EcsType.Keyword,
        ["span.id"] = EcsType.Keyword,
        ["transaction.id"] = EcsType.Keyword,
        ["error.type"] = EcsType.Keyword,
        ["error.message"] = EcsType.MatchOnlyText,
        ["error.stack_trace"] = EcsType.Wildcard,
        ["error.code"] = EcsType.Keyword,
        ["event.code"] = EcsType.Keyword,
        ["event.dataset"] = EcsType.Keyword,
        ["event.kind"] = EcsType.Keyword,
        ["event.category"] = EcsType.Keyword,
        ["event.type"] = EcsType.Keyword,
        ["event.action"] = EcsType.Keyword,
        ["event.outcome"] = EcsType.Keyword,
        ["event.reason"] = EcsType.Keyword,
        ["event.duration"] = EcsType.Long,
        ["http.request.method"] = EcsType.Keyword,
        ["http.response.status_code"] = EcsType.Long,
        ["url.path"] = EcsType.Wildcard,
        ["client.ip"] = EcsType.Ip,
        ["user.hash"] = EcsType.Keyword,
        ["user.target.hash"] = EcsType.Keyword,
        [Own + "session.hash"] = EcsType.Keyword,
        [Own + "claim.hash"] = EcsType.Keyword,
        [Own + "playlist.id"] = EcsType.Keyword,
        [Own + "playlist.version"] = EcsType.Long,
        [Own + "playlist.role"] = EcsType.Keyword,
        [Own + "playlist.visibility"] = EcsType.Keyword,
        [Own + "invite.id"] = EcsType.Long,
        [Own + "track.id"] = EcsType.Keyword,
        [Own + "stream"] = EcsType.Keyword,
        [Own + "hub.method"] = EcsType.Keyword,
        [Own + "setting"] = EcsType.Keyword,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those that the schema wants as lists.</summary>
    public static IReadOnlyList<string> Lists { get; } = ["event.category", "event.type"];

    /// <summary>Which field a property of our own messages goes into; others become labels.</summary>
    public static FrozenDictionary<string, string> OfProperty { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [AuditFields.Action] = "event.action",
            [AuditFields.Category] = "event.category",
            [AuditFields.Type] = "event.type",
            [AuditFields.Outcome] = "event.outcome",
            [AuditFields.Reason] = "event.reason",
            [AuditFields.User] = "user.hash",
            [AuditFields.TargetUser] = "user.target.hash",
            [AuditFields.Session] = Own + "session.hash",
            [AuditFields.Playlist] = Own + "playlist.id",
            [AuditFields.Invite] = Own + "invite.id",
            [AuditFields.Role] = Own + "playlist.role",
            [AuditFields.Visibility] = Own + "playlist.visibility",
            [AuditFields.Setting] = Own + "setting",
            ["Claim"] = Own + "claim.hash",
            [AuditFields.Track] = Own + "track.id",
            ["Version"] = Own + "playlist.version",
            ["Stream"] = Own + "stream",
            ["HubMethod"] = Own + "hub.method",
            ["HttpMethod"] = "http.request.method",
            ["Route"] = "url.path",
            ["Status"] = "http.response.status_code",
            ["Code"] = "error.code",
        }.ToFrozenDictionary(StringComparer.Ordinal);
}
