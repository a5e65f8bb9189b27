using System.Collections.Immutable;
using System.Text.Json;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Objects;
using Orleans.Storage;

namespace IndiiMusic.Api.Errors;

/// <summary>What went wrong, in the words of the API: the one mapping that REST and the hubs share.</summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Detail">One sentence for the caller, without secrets.</param>
/// <param name="Status">The HTTP status when it is not the code's own.</param>
/// <param name="Fields">For invalid requests: the fields at fault; empty where they are not known.</param>
/// <param name="RetryAfter">When to come again, where that is known better than by the code.</param>
public sealed record Failure(
    ErrorCode Code,
    string Detail,
    int? Status = null,
    ImmutableArray<FieldError> Fields = default,
    TimeSpan? RetryAfter = null)
{
    private const string UnexpectedDetail =
        "Something went wrong on our side. The traceId finds it in the server's log.";

    /// <summary>True when an operator should hear of it: the caller did nothing wrong.</summary>
    public bool IsOurs => ProblemKinds.Of(Code).Status >= StatusCodes.Status500InternalServerError;

    /// <summary>What an exception means to the caller. Every exception means something.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        IndiiException known => new Failure(
            known.Code, known.Message, Fields: known.Fields, RetryAfter: known.RetryAfter),
        BadHttpRequestException malformed => OfMalformed(malformed),
        EventStoreConflictException or InconsistentStateException =>
            new Failure(ErrorCode.WriteConflict, "Somebody else wrote at the same time. Send the same request again."),
        EventStoreUnavailableException or ObjectStoreUnavailableException =>
            new Failure(ErrorCode.StorageUnavailable, "Storage does not take or answer requests at the moment."),
        TimeoutException or OperationCanceledException =>
            new Failure(ErrorCode.Timeout, "The server could not finish in time. Send the same request again."),
        { InnerException: { } inner } when Of(inner) is { Code: not ErrorCode.Internal } cause => cause,
        OrleansException =>
            new Failure(ErrorCode.DependencyUnavailable, "A part that this request needs does not answer now."),
        _ => new Failure(ErrorCode.Internal, UnexpectedDetail),
    };

    /// <summary>What a bare status means that a part of the framework answered with.</summary>
    public static Failure OfStatus(int status, HttpContext context) => status switch
    {
        StatusCodes.Status401Unauthorized =>
            new Failure(ErrorCode.Unauthenticated, "This needs a valid access token: Authorization: Bearer <token>."),
        StatusCodes.Status403Forbidden => new Failure(ErrorCode.Forbidden, "You may not do this."),
        StatusCodes.Status404NotFound =>
            new Failure(ErrorCode.NotFound, $"There is nothing at {context.Request.Path}."),
        StatusCodes.Status405MethodNotAllowed => new Failure(
            ErrorCode.InvalidRequest,
            $"{context.Request.Path} does not take {context.Request.Method}; Allow says what it takes.",
            status),
        StatusCodes.Status406NotAcceptable =>
            new Failure(ErrorCode.InvalidRequest, "None of the media types in Accept can be answered with.", status),
        StatusCodes.Status412PreconditionFailed =>
            new Failure(ErrorCode.VersionMismatch, "It is not the version that the request is on condition of."),
        StatusCodes.Status413PayloadTooLarge =>
            new Failure(ErrorCode.PayloadTooLarge, "The body is larger than this route takes."),
        StatusCodes.Status416RangeNotSatisfiable => new Failure(
            ErrorCode.InvalidRequest, "The file ends before that range; Content-Range says how long it is.", status),
        StatusCodes.Status415UnsupportedMediaType => new Failure(
            ErrorCode.UnsupportedMedia,
            $"This route does not take bodies of type '{context.Request.ContentType}'."),
        StatusCodes.Status429TooManyRequests => new Failure(ErrorCode.RateLimited, "Too many requests."),
        StatusCodes.Status503ServiceUnavailable =>
            new Failure(ErrorCode.DependencyUnavailable, "A part that this request needs does not answer now."),
        StatusCodes.Status504GatewayTimeout =>
            new Failure(ErrorCode.Timeout, "The server could not finish in time. Send the same request again."),
        >= StatusCodes.Status500InternalServerError => new Failure(ErrorCode.Internal, UnexpectedDetail, status),
        _ => new Failure(ErrorCode.InvalidRequest, "The request cannot be taken as it is.", status),
    };

    private static Failure OfMalformed(BadHttpRequestException malformed) => malformed switch
    {
        { InnerException: JsonException json } => JsonFailure.Of(json),
        { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new Failure(ErrorCode.PayloadTooLarge, "The body is larger than this route takes."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } =>
            new Failure(ErrorCode.UnsupportedMedia, malformed.Message),
        { StatusCode: StatusCodes.Status400BadRequest } => new Failure(ErrorCode.InvalidRequest, malformed.Message),
        _ => new Failure(ErrorCode.InvalidRequest, malformed.Message, malformed.StatusCode),
    };
}
