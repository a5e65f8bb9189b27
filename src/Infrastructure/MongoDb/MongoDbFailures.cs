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
    private const int ExceededTimeLimit = 50;
    private const int Unauthorized = 13;
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

    /// <summary>Whether the database understood a command and will never do it, such as an index that another has.</summary>
    public static bool IsLasting(Exception failure) =>
        failure is MongoCommandException command
        && failure.GetType() == typeof(MongoCommandException)
        && !command.HasErrorLabel("RetryableWriteError");

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
