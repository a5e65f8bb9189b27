using System.Net;
using Amazon.Runtime;
using Amazon.S3.Model;
using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// The bucket itself. A question after an object is answered alike, without a word of why, when the object is not there
/// and when its whole bucket is not; here the two are told apart.
/// </summary>
internal sealed partial class S3Bucket(
    S3Clients clients, S3Calls calls, IOptions<S3Options> options, TimeProvider time, ILogger<S3Bucket> logger)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(30);

    private readonly S3Options _options = options.Value;
    private long _seenTicks;

    /// <summary>Returns when the bucket is there, as seen a moment ago at the most.</summary>
    /// <exception cref="ObjectStoreUnavailableException">It is not, or S3 does not answer.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var seen = new DateTimeOffset(Interlocked.Read(ref _seenTicks), TimeSpan.Zero);
        if (time.GetUtcNow() - seen < KnownFor)
            return;
        if (!await calls.RunAsync("head_bucket", HeadAsync, cancellationToken).ConfigureAwait(false))
            await MakeAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _seenTicks, time.GetUtcNow().UtcTicks);
    }

    /// <summary>Asks once whether the bucket is there.</summary>
    /// <exception cref="ObjectStoreUnavailableException">It is not, or S3 does not answer.</exception>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (!await calls.TryAsync("head_bucket", HeadAsync, cancellationToken).ConfigureAwait(false))
            throw Missing(cause: null);
    }

    private async Task<bool> HeadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var request = new HeadBucketRequest { BucketName = _options.Bucket };
            await clients.Server.HeadBucketAsync(request, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (!_options.CreateBucket)
            throw Missing(new S3BucketMissingException());
        var request = new PutBucketRequest { BucketName = _options.Bucket, UseClientRegion = true };
        try
        {
            await calls.RunAsync(
                "put_bucket",
                token => clients.Server.PutBucketAsync(request, token),
                cancellationToken).ConfigureAwait(false);
            LogMade(_options.Bucket);
        }
        catch (AmazonServiceException failure) when (failure.ErrorCode is "BucketAlreadyOwnedByYou")
        {
            // Another process was faster.
        }
        catch (AmazonServiceException failure)
        {
            throw new ObjectStoreUnavailableException(
                $"S3 does not make the bucket '{_options.Bucket}' ({S3Failures.Describe(failure)}).", failure);
        }
    }

    private ObjectStoreUnavailableException Missing(Exception? cause) => new(
        $"{S3Options.Section}:{nameof(S3Options.Bucket)} is '{_options.Bucket}', which S3 does not have; make it, name "
        + $"another, or set {S3Options.Section}:{nameof(S3Options.CreateBucket)}=true.",
        cause);
}

/// <summary>S3 answers, and does not have the bucket.</summary>
internal sealed class S3BucketMissingException() : Exception("S3 does not have the bucket.");
