using System.Net.Sockets;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// The database did not answer, or could not do what was asked; a write may have taken effect all the same. Adapters
/// turn it into their port's own exception.
/// </summary>
internal sealed class MongoDbUnavailableException(string message, Exception cause) : Exception(message, cause);

/// <summary>Tells outages from a lost race and from defects, and says them in words.</summary>
internal static class MongoDbFailures
{
    // Codes of https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml, the last of DocumentDB.
    private const int BadValue = 2;
    private const int FailedToParse = 9;
    private const int Unauthorized = 13;
    private const int ExceededTimeLimit = 50;
    private const int CommandNotFound = 59;
    private const int InvalidOptions = 72;
    private const int CommandNotSupported = 115;
    private const int NotAReplicaSet = 123;
    private const int NotImplemented = 238;
    private const int NotSupported = 303;
    private const string Unconfirmed = "no majority of its servers confirmed a write";

    /// <summary>Whether a document with this key was there already. It says that nothing was written.</summary>
    public static bool IsDuplicateKey(Exception failure) => failure switch
    {
        MongoWriteException write => write.WriteError?.Category == ServerErrorCategory.DuplicateKey,
        MongoCommandException command => command.Code is 11000 or 11001,
        _ => false,
    };

    /// <summary>
    /// Whether the database, or the way to it, failed: a timeout, a lost connection, a server that is no primary any
    /// more, a write that no majority confirmed. What remains are defects of the program.
    /// </summary>
    public static bool ConcernsStorage(Exception failure) =>
        !IsDuplicateKey(failure)
        && (failure is MongoException or TimeoutException or IOException or SocketException or ObjectDisposedException
            || IsUnconfirmedRetry(failure));

    /// <summary>Whether the database understood a command and will never do it.</summary>
    public static bool IsLasting(Exception failure) =>
        failure is MongoCommandException command
        && failure.GetType() == typeof(MongoCommandException)
        && !command.HasErrorLabel("RetryableWriteError");

    /// <summary>Whether the database says that it knows no such command or option, as compatible services do.</summary>
    public static bool IsUnsupported(MongoCommandException failure) => failure.Code is BadValue or FailedToParse
        or CommandNotFound or InvalidOptions or CommandNotSupported or NotAReplicaSet or NotImplemented or NotSupported;

    /// <summary>What an operator should know. The driver's own texts stay out of it: some quote settings.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        MongoAuthenticationException => "it refuses the user or the password",
        MongoWriteConcernException or MongoWriteException { WriteConcernError: not null } => Unconfirmed,
        _ when IsUnconfirmedRetry(failure) => Unconfirmed,
        MongoNotPrimaryException or MongoNodeIsRecoveringException => "its primary is changing",
        MongoExecutionTimeoutException or MongoCommandException { Code: ExceededTimeLimit } =>
            "an operation took longer than it may",
        MongoConnectionPoolPausedException or MongoConnectionException { InnerException: SocketException } =>
            "no connection can be made",
        MongoWaitQueueFullException => "all connections are in use",
        MongoConnectionException => "the connection was lost",
        TimeoutException => "no server answers in time",
        MongoCommandException { Code: Unauthorized } => "the user may not do this",
        MongoCommandException command => $"it answered {command.CodeName} ({command.Code})",
        MongoWriteException { WriteError: { } error } => $"it refused a write ({error.Code})",
        _ => failure.GetType().Name,
    };

    /// <summary>
    /// How version 3.14 of the driver fails where a write that no majority confirmed was sent again and no server took
    /// it: it stumbles over the connection that it has not got.
    /// </summary>
    private static bool IsUnconfirmedRetry(Exception failure) =>
        failure is ArgumentNullException { ParamName: "connectionId" };
}
