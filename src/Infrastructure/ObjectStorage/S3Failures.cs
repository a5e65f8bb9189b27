using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>What S3 means when it does not do what it was asked.</summary>
internal enum S3FailureKind
{
    /// <summary>An answer that belongs to the question, such as that there is no such object.</summary>
    Answer = 0,

    /// <summary>No answer, or one that says that S3 itself is in trouble; asking again can help.</summary>
    Outage = 1,

    /// <summary>S3 does not know the caller, the bucket or the region; only other settings help.</summary>
    Refusal = 2,
}

/// <summary>Sorts what the client throws.</summary>
internal static class S3Failures
{
    // What the client says when no answer came at all.
    private const HttpStatusCode NoStatus = default;

    /// <summary>What an exception means; null when it is no failure of S3.</summary>
    public static S3FailureKind? KindOf(Exception exception) => exception switch
    {
        AmazonServiceException service => KindOf(service),
        AmazonClientException => S3FailureKind.Refusal,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException =>
            S3FailureKind.Outage,
        _ => null,
    };

    /// <summary>True when S3 answered, and will not answer otherwise until somebody changes a setting.</summary>
    public static bool IsForGood(Exception? failure) =>
        failure is S3BucketMissingException
        || (failure is AmazonServiceException { StatusCode: not NoStatus } answer
            && KindOf(answer) != S3FailureKind.Outage);

    /// <summary>True when the object itself is not there, and not its whole bucket.</summary>
    public static bool IsMissing(AmazonServiceException failure) =>
        failure is { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" and not "NoSuchUpload" };

    /// <summary>True when <c>If-None-Match: *</c> met an object, or another writer at the same moment.</summary>
    public static bool IsThereAlready(AmazonServiceException failure) =>
        failure.StatusCode == HttpStatusCode.PreconditionFailed
        || failure is { StatusCode: HttpStatusCode.Conflict, ErrorCode: "ConditionalRequestConflict" };

    /// <summary>The failure in a few words for an operator, without addresses and keys.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        AmazonServiceException { StatusCode: not NoStatus } service => $"{(int)service.StatusCode} {service.ErrorCode}",
        AmazonServiceException { InnerException: { } cause } => Describe(cause),
        OperationCanceledException or TimeoutException => "no answer in time",
        HttpRequestException http => $"{http.HttpRequestError}",
        _ => exception.GetType().Name,
    };

    private static S3FailureKind KindOf(AmazonServiceException failure) => failure.StatusCode switch
    {
        NoStatus or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented => S3FailureKind.Outage,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => S3FailureKind.Outage,
        HttpStatusCode.BadRequest when failure.ErrorCode is "RequestTimeout" => S3FailureKind.Outage,
        HttpStatusCode.NotFound when failure.ErrorCode is "NoSuchBucket" => S3FailureKind.Refusal,
        HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict
            or HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotImplemented => S3FailureKind.Answer,
        _ => S3FailureKind.Refusal,
    };
}

/// <summary>One attempt found S3 in trouble; <see cref="S3Calls"/> may make another.</summary>
internal sealed class S3OutageException(string message, Exception cause) : Exception(message, cause);
