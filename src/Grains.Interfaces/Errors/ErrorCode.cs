namespace IndiiMusic.Grains.Interfaces.Errors;

/// <summary>
/// Every way in which a request can fail. The wire name is the member's name in snake_case (<c>not_found</c>);
/// names and numbers never change their meaning.
/// </summary>
public enum ErrorCode
{
    /// <summary>A field is missing, malformed or out of its limits. HTTP 400.</summary>
    InvalidRequest = 1,

    /// <summary>No valid credentials came with the request. HTTP 401.</summary>
    Unauthenticated = 2,

    /// <summary>The user name, e-mail or password is wrong; which one is not said. HTTP 401.</summary>
    InvalidCredentials = 3,

    /// <summary>The refresh token is unknown, used or expired. HTTP 401.</summary>
    InvalidToken = 4,

    /// <summary>The caller is known and may see the resource, but not do this. HTTP 403.</summary>
    Forbidden = 5,

    /// <summary>The resource does not exist, or the caller may not know that it does. HTTP 404.</summary>
    NotFound = 6,

    /// <summary>The user name is taken. HTTP 409.</summary>
    UsernameTaken = 7,

    /// <summary>The e-mail address is taken. HTTP 409.</summary>
    EmailTaken = 8,

    /// <summary>The resource exists already. HTTP 409.</summary>
    AlreadyExists = 9,

    /// <summary>The request does not fit the present state of the resource; the detail says how. HTTP 409.</summary>
    Conflict = 10,

    /// <summary>The playlist refuses a track that it holds already. HTTP 409.</summary>
    DuplicateTrack = 11,

    /// <summary>The base version was never a version of this playlist. HTTP 409.</summary>
    UnknownBaseVersion = 12,

    /// <summary>An anchor or entry that this playlist never held. HTTP 422.</summary>
    UnknownEntry = 13,

    /// <summary>The operation cannot be undone: it is too old, or of a kind that has no inverse. HTTP 409.</summary>
    NotUndoable = 14,

    /// <summary>A playlist keeps at least one owner. HTTP 409.</summary>
    LastOwner = 15,

    /// <summary>The invite is unknown, expired, used up or withdrawn. HTTP 410.</summary>
    InviteUnusable = 16,

    /// <summary>If-Match or ifVersion names a version that is no longer the present one. HTTP 412.</summary>
    VersionMismatch = 17,

    /// <summary>A named limit would be exceeded; the detail names it. HTTP 422.</summary>
    LimitExceeded = 18,

    /// <summary>The body is larger than this route takes. HTTP 413.</summary>
    PayloadTooLarge = 19,

    /// <summary>The media type or the file's contents are of no supported kind. HTTP 415.</summary>
    UnsupportedMedia = 20,

    /// <summary>Too many requests; Retry-After says when to come again. HTTP 429.</summary>
    RateLimited = 21,

    /// <summary>The idempotency key was used before with another request. HTTP 422.</summary>
    IdempotencyKeyReused = 22,

    /// <summary>Two writers met; nothing was written. Send the same operation again. HTTP 503.</summary>
    WriteConflict = 23,

    /// <summary>Storage does not answer or has no room; nothing is known to be written. HTTP 503.</summary>
    StorageUnavailable = 24,

    /// <summary>Another part the request needs does not answer. HTTP 503.</summary>
    DependencyUnavailable = 25,

    /// <summary>The server could not finish in time. HTTP 504.</summary>
    Timeout = 26,

    /// <summary>A defect on our side; the trace id finds it in the log. HTTP 500.</summary>
    Internal = 27,

    /// <summary>The same idempotency key is being worked on at this moment. HTTP 409.</summary>
    RequestInProgress = 28,

    /// <summary>The token is good for other things; scope in WWW-Authenticate names what it lacks. HTTP 403.</summary>
    InsufficientScope = 29,

    /// <summary>An installation keeps at least one administrator. HTTP 409.</summary>
    LastAdministrator = 30,

    /// <summary>The operator has switched this off, for everybody or for this caller. HTTP 403.</summary>
    FeatureDisabled = 31,

    /// <summary>The password was right; the code of the second factor is needed as well. HTTP 401.</summary>
    SecondFactorRequired = 40,

    /// <summary>The session must prove first who holds it. HTTP 403.</summary>
    StepUpRequired = 41,
}
