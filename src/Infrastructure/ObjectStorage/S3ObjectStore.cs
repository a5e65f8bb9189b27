using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Objects in a bucket.</summary>
internal sealed class S3ObjectStore(
    S3Clients clients,
    S3Calls calls,
    S3Bucket bucket,
    S3Upload upload,
    IOptions<S3Options> options,
    IOptionsMonitor<S3Options> links,
    TimeProvider time) : IObjectStore
{
    private readonly S3Options _options = options.Value;

    public async Task<long> PutAsync(
        string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken).ConfigureAwait(false) is { } there)
            return there.LengthBytes;
        if (await upload.StoreAsync(NameOf(key), content, contentType, cancellationToken).ConfigureAwait(false)
            is { } lengthBytes)
        {
            return lengthBytes;
        }

        var others = await FindAsync(key, cancellationToken).ConfigureAwait(false);
        return others?.LengthBytes ?? throw new ObjectStoreUnavailableException(
            "Another writer stored the object and removed it while this one stored it.");
    }

    public async Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = NameOf(key) };
        try
        {
            var answer = await calls.RunAsync(
                "head",
                token => clients.Server.GetObjectMetadataAsync(request, token),
                cancellationToken).ConfigureAwait(false);
            var storedAt = DateTime.SpecifyKind(
                answer.LastModified?.ToUniversalTime() ?? DateTime.UnixEpoch, DateTimeKind.Utc);
            return new ObjectInfo(answer.ContentLength, LocalPath: null, new DateTimeOffset(storedAt));
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            await bucket.RequireAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (AmazonServiceException failure)
        {
            throw Unexpected("head", failure);
        }
    }

    public async Task<Stream> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length), length, "A length is zero or more.");
        var name = NameOf(key);
        if (length == 0)
        {
            return await FindAsync(key, cancellationToken).ConfigureAwait(false) is null
                ? throw NotFound(key)
                : new MemoryStream([], writable: false);
        }

        var end = length < long.MaxValue - offset ? offset + length : null;
        try
        {
            var answer = await GetAsync(name, RangeOf(offset, end), tag: null, cancellationToken)
                .ConfigureAwait(false);
            return new S3ReadStream(
                answer, offset, (from, to, tag, token) => ReopenAsync(name, from, to, tag, token), _options);
        }
        catch (AmazonServiceException failure)
            when (failure.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The object is there, and ends before the offset.
            return new MemoryStream([], writable: false);
        }
        catch (AmazonServiceException failure) when (S3Failures.IsMissing(failure))
        {
            throw NotFound(key);
        }
        catch (AmazonServiceException failure)
        {
            throw Unexpected("get", failure);
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var request = new DeleteObjectRequest { BucketName = _options.Bucket, Key = NameOf(key) };
        try
        {
            await calls.RunAsync(
                "delete",
                token => clients.Server.DeleteObjectAsync(request, token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException failure) when (S3Failures.IsMissing(failure))
        {
            // That is what was wanted.
        }
        catch (AmazonServiceException failure)
        {
            throw Unexpected("delete", failure);
        }
    }

    public async Task<ObjectLink?> FindLinkAsync(string key, string contentType, bool isForAll)
    {
        var name = NameOf(key);
        var now = links.CurrentValue;
        return now.Redirect switch
        {
            S3Redirect.Presigned => new ObjectLink(
                await SignAsync(name, contentType, now.PresignedUrlLifetime).ConfigureAwait(false),
                now.PresignedUrlLifetime),

            // What such a network serves, it serves to everybody, so that only what everybody may have is sent there.
            S3Redirect.Cdn when isForAll => new ObjectLink(
                new Uri($"{now.CdnBaseUrl!.TrimEnd('/')}/{name}"), now.PresignedUrlLifetime),
            _ => null,
        };
    }

    private async Task<Uri> SignAsync(string name, string contentType, TimeSpan lifetime)
    {
        var server = new Uri(clients.Signer.DetermineServiceOperationEndpoint(
            new GetObjectRequest { BucketName = _options.Bucket, Key = name }).URL);
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _options.Bucket,
            Key = name,
            Verb = HttpVerb.GET,
            Protocol = server.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
            Expires = time.GetUtcNow().UtcDateTime + lifetime,
        };
        request.ResponseHeaderOverrides.ContentType = contentType;
        try
        {
            return new Uri(await clients.Signer.GetPreSignedURLAsync(request).ConfigureAwait(false));
        }
        catch (AmazonClientException failure)
        {
            throw new ObjectStoreUnavailableException("There are no keys to sign an address with.", failure);
        }
    }

    private Task<GetObjectResponse> GetAsync(
        string name, ByteRange? range, string? tag, CancellationToken cancellationToken) =>
        calls.RunAsync(
            "get",
            token => clients.Server.GetObjectAsync(
                new GetObjectRequest
                {
                    BucketName = _options.Bucket,
                    Key = name,
                    ByteRange = range,
                    EtagToMatch = tag,
                },
                token),
            cancellationToken);

    private async Task<GetObjectResponse> ReopenAsync(
        string name, long from, long to, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(name, RangeOf(from, to), tag, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException failure)
        {
            throw Unexpected("get", failure);
        }
    }

    private static ByteRange? RangeOf(long offset, long? end) => (offset, end) switch
    {
        (_, { } before) => new ByteRange(offset, before - 1),
        (0, null) => null,
        _ => new ByteRange(string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-")),
    };

    private string NameOf(string key)
    {
        ObjectKeys.Check(key);
        return _options.KeyPrefix + key;
    }

    private static FileNotFoundException NotFound(string key) => new($"No object is stored as {key}.");

    private static ObjectStoreUnavailableException Unexpected(string operation, AmazonServiceException failure) =>
        new($"S3 does not give the object ({operation}: {S3Failures.Describe(failure)}).", failure);
}
