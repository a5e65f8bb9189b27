using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Telemetry;

namespace IndiiMusic.Api.Errors;

/// <summary>Writes a failure as an RFC 9457 problem document.</summary>
public static class Problem
{
    /// <summary>The media type of every error body.</summary>
    public const string ContentType = "application/problem+json";

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // The document is data for programs; it is never put into HTML unescaped.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What finds this request in the log.</summary>
    public static string TraceId(HttpContext context) =>
        RequestTrace.Id ?? context.TraceIdentifier;

    /// <summary>Answers with the failure, in place of whatever the response was going to be.</summary>
    public static async Task WriteAsync(HttpContext context, Failure failure)
    {
        var kind = ProblemKinds.Of(failure.Code);
        ErrorMetrics.AnsweredOverRest(failure.Code);
        var body = new ArrayBufferWriter<byte>(512);
        Compose(body, kind, failure, TraceId(context));

        var response = context.Response;
        response.StatusCode = failure.Status ?? kind.Status;
        var headers = response.Headers;
        headers.ETag = default;
        headers.LastModified = default;
        headers.ContentEncoding = default;
        headers.AcceptRanges = default;
        headers.ContentDisposition = default;
        if (response.StatusCode != StatusCodes.Status416RangeNotSatisfiable)
            headers.ContentRange = default;
        headers.CacheControl = "no-store";
        headers.ContentType = ContentType;
        var retryAfter = failure.RetryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : kind.RetryAfterSeconds;
        if (retryAfter is { } seconds && headers.RetryAfter.Count == 0)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (response.StatusCode == StatusCodes.Status401Unauthorized && headers.WWWAuthenticate.Count == 0)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
        }
    }

    private static void Compose(IBufferWriter<byte> body, ProblemKind kind, Failure failure, string traceId)
    {
        using var json = new Utf8JsonWriter(body, WriterOptions);
        json.WriteStartObject();
        json.WriteString("type", kind.Type);
        json.WriteString("title", kind.Title);
        json.WriteNumber("status", failure.Status ?? kind.Status);
        json.WriteString("detail", failure.Detail);
        json.WriteString("code", kind.WireCode);
        json.WriteString("traceId", traceId);
        if (!failure.Fields.IsDefaultOrEmpty)
        {
            WriteFields(json, failure.Fields);
        }

        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, ImmutableArray<FieldError> fields)
    {
        json.WriteStartObject("errors");
        foreach (var field in fields.GroupBy(field => field.Field, StringComparer.Ordinal))
        {
            json.WriteStartArray(field.Key);
            foreach (var error in field)
            {
                json.WriteStringValue(error.Problem);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
