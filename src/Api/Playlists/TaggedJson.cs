using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// An answer of JSON whose strong ETag is a hash of its bytes, or 304 to a caller that has it. It saves the transfer,
/// not the making: for reads that have no version of their own.
/// </summary>
public sealed class TaggedJson<T>(T body) : IResult, IEndpointMetadataProvider
{
    /// <summary>What is answered.</summary>
    public T Body { get; } = body;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Body, json);
        return Utf8Answer.WriteAsync(httpContext, bytes, $"\"{Utf8Answer.Hash(bytes)}\"");
    }
}

/// <summary>Answers with finished JSON.</summary>
internal static class Utf8Answer
{
    // Who may read, and what of it, depends on the caller: no shared cache keeps it, and a private one asks first.
    public const string AskFirst = "private, no-cache";
    private const string Json = "application/json; charset=utf-8";

    /// <summary>Enough of a SHA-256 that two bodies of one resource never share it.</summary>
    private const int HashBytes = 12;

    /// <summary>What tells a body from others, as it stands in an ETag.</summary>
    public static string Hash(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Convert.ToHexStringLower(hash[..HashBytes]);
    }

    /// <summary>Answers 304 when the caller has the body, else 200 with it.</summary>
    public static Task WriteAsync(HttpContext context, byte[] body, string etag)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.ETag = etag;
        headers.CacheControl = AskFirst;
        if (Preconditions.IsNotModified(context, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = Json;
        headers.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }
}
