using System.Collections.Frozen;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Errors;

/// <summary>What stands in a problem document for one code, whatever the request.</summary>
/// <param name="WireCode">The stable code, such as <c>not_found</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A short text that is the same for each occurrence.</param>
/// <param name="RetryAfterSeconds">What to send as Retry-After where coming again can help; else null.</param>
public sealed record ProblemKind(string WireCode, int Status, string Title, int? RetryAfterSeconds = null)
{
    /// <summary>The problem's type: a name, not an address to visit.</summary>
    public string Type { get; } = "urn:indiimusic:problem:" + WireCode;
}

/// <summary>Status and title of every error code.</summary>
public static class ProblemKinds
{
    private static readonly FrozenDictionary<ErrorCode, ProblemKind> Kinds =
        Enum.GetValues<ErrorCode>().ToFrozenDictionary(code => code, Describe);

    /// <summary>What stands in a problem document for a code.</summary>
    public static ProblemKind Of(ErrorCode code) => Kinds[code];

    private static ProblemKind Describe(ErrorCode code)
    {
        var (status, title) = code switch
        {
            ErrorCode.InvalidRequest => (400, "Invalid request"),
            ErrorCode.Unauthenticated => (401, "Not signed in"),
            ErrorCode.InvalidCredentials => (401, "Wrong name or password"),
            ErrorCode.InvalidToken => (401, "Token unknown, used or expired"),
            ErrorCode.SecondFactorRequired => (401, "Second factor required"),
            ErrorCode.StepUpRequired => (403, "Proof required"),
            ErrorCode.Forbidden => (403, "Not allowed"),
            ErrorCode.InsufficientScope => (403, "Scope missing"),
            ErrorCode.FeatureDisabled => (403, "Switched off by the operator"),
            ErrorCode.NotFound => (404, "Not found"),
            ErrorCode.UsernameTaken => (409, "User name taken"),
            ErrorCode.EmailTaken => (409, "E-mail address taken"),
            ErrorCode.AlreadyExists => (409, "Exists already"),
            ErrorCode.Conflict => (409, "Does not fit the present state"),
            ErrorCode.DuplicateTrack => (409, "Track already in the playlist"),
            ErrorCode.UnknownBaseVersion => (409, "Unknown base version"),
            ErrorCode.NotUndoable => (409, "Cannot be undone"),
            ErrorCode.LastOwner => (409, "A playlist keeps at least one owner"),
            ErrorCode.LastAdministrator => (409, "An installation keeps at least one administrator"),
            ErrorCode.RequestInProgress => (409, "Still being worked on"),
            ErrorCode.InviteUnusable => (410, "Invite not usable"),
            ErrorCode.VersionMismatch => (412, "Version has moved on"),
            ErrorCode.PayloadTooLarge => (413, "Body too large"),
            ErrorCode.UnsupportedMedia => (415, "Unsupported media type"),
            ErrorCode.UnknownEntry => (422, "Unknown entry"),
            ErrorCode.LimitExceeded => (422, "Limit exceeded"),
            ErrorCode.IdempotencyKeyReused => (422, "Idempotency key used before"),
            ErrorCode.RateLimited => (429, "Too many requests"),
            ErrorCode.Internal => (500, "Internal error"),
            ErrorCode.WriteConflict => (503, "Two writers met"),
            ErrorCode.StorageUnavailable => (503, "Storage unavailable"),
            ErrorCode.DependencyUnavailable => (503, "Dependency unavailable"),
            ErrorCode.Timeout => (504, "Not finished in time"),
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "This code has no status yet."),
        };
        int? retryAfterSeconds = code switch
        {
            ErrorCode.RequestInProgress or ErrorCode.WriteConflict or ErrorCode.RateLimited => 1,
            ErrorCode.StorageUnavailable or ErrorCode.DependencyUnavailable or ErrorCode.Timeout => 5,
            _ => null,
        };
        return new ProblemKind(IndiiException.WireName(code), status, title, retryAfterSeconds);
    }
}
