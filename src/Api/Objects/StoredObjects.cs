using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Objects;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Objects;

/// <summary>
/// Answers with stored objects. The framework's file results answer ranges, conditions and HEAD, and hand files of this
/// machine to the kernel, which sends them without their passing through memory. Of objects that lie elsewhere their
/// sizes are remembered, as contents never change: a player that seeks costs one request to the store each time.
/// </summary>
public sealed class StoredObjects(IObjectStore objects) : IDisposable
{
    /// <summary>Objects whose facts are kept at once; about 300 bytes each.</summary>
    public const int FactsKeptMax = 50_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = FactsKeptMax });

    /// <summary>The object as an answer to this request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="key">The object.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="tag">Its strong ETag, without quotes.</param>
    public async Task<IResult> SendAsync(HttpContext context, string key, string mediaType, string tag)
    {
        var info = await FindAsync(key, context.RequestAborted);
        var entityTag = TagOf(tag);
        return info.LocalPath is { } path
            ? TypedResults.PhysicalFile(
                path, mediaType, fileDownloadName: null, info.LastModified, entityTag, enableRangeProcessing: true)
            : TypedResults.Stream(
                new ObjectStream(this, objects, key, info.LengthBytes, context.Response),
                mediaType,
                fileDownloadName: null,
                info.LastModified,
                entityTag,
                enableRangeProcessing: true);
    }

    /// <summary>
    /// Sends the caller to where the object can be fetched past the gateway; null when the gateway is to send it.
    /// </summary>
    /// <param name="context">The request, of somebody who may have the object.</param>
    /// <param name="key">The object.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="tag">Its strong ETag, without quotes.</param>
    /// <param name="isForAll">Whether everybody may have it.</param>
    public async Task<IResult?> RedirectAsync(
        HttpContext context, string key, string mediaType, string tag, bool isForAll)
    {
        // An address is signed for one method, and what HEAD asks for is known here.
        if (!HttpMethods.IsGet(context.Request.Method)
            || await objects.FindLinkAsync(key, mediaType, isForAll) is not { } link)
        {
            return null;
        }

        var headers = context.Response.GetTypedHeaders();
        var known = context.Request.GetTypedHeaders().IfNoneMatch;
        if (known.Any(one => one.Compare(TagOf(tag), useStrongComparison: false)))
        {
            headers.ETag = TagOf(tag);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        // What is remembered must still work when it is used.
        headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = link.Lifetime / 2 };
        context.Response.Headers["Referrer-Policy"] = "no-referrer";

        // Not by the framework's redirect, which logs where to: an address can be as good as the object.
        context.Response.Headers.Location = link.Address.AbsoluteUri;
        return TypedResults.StatusCode(StatusCodes.Status307TemporaryRedirect);
    }

    /// <summary>Drops what is known of an object that turned out to be gone.</summary>
    public void Forget(string key) => _kept.Remove(key);

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    /// <summary>What a grain knows of is not there: the store is at fault, and not the caller.</summary>
    internal static IndiiException Missing() =>
        new(ErrorCode.StorageUnavailable, "The file is missing from the object store.");

    private async ValueTask<ObjectInfo> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(key, out ObjectInfo? known))
            return known!;
        var found = await objects.FindAsync(key, cancellationToken) ?? throw Missing();
        if (found.LocalPath is null)
        {
            _kept.Set(
                key, found, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = KeptFor });
        }

        return found;
    }

    private static EntityTagHeaderValue TagOf(string tag) => new($"\"{tag}\"");
}
