using System.Buffers;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// Stores streams whose length nobody knows. What fits into one part goes as one request. The rest goes part by part:
/// while one is sent the next is read, and the object appears, whole, with the last request. Whatever fails before
/// takes the parts away again; parts that cannot be taken away, as when S3 is gone, stay unseen until the bucket's
/// rules expire them.
/// </summary>
internal sealed partial class S3Upload(
    S3Clients clients, S3Calls calls, IOptions<S3Options> options, ILogger<S3Upload> logger)
{
    private const int FirstBufferBytes = 128 * 1024;

    // Not all servers know conditions on writes, and then say so.
    private volatile bool _isConditional = true;

    /// <summary>Stores a stream; null when another writer of the name was faster, whose object stays.</summary>
    /// <remarks>
    /// S3 itself refuses to replace an object where it takes the condition. Servers that take no condition on the last
    /// request of many, such as older Ceph, let the slower of two writers that met win. Both hold the same bytes then,
    /// as the name is their hash; only names under <c>uploads/</c> are not, and those are used by one writer.
    /// </remarks>
    /// <param name="name">The name in the bucket.</param>
    /// <param name="content">What to store; its failures come through as they are.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<long?> StoreAsync(
        string name, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var first = await PartBuffer.FillAsync(content, options.Value.PartSizeBytes, cancellationToken)
            .ConfigureAwait(false);
        if (!first.IsFull)
        {
            using (first)
                return await PutWholeAsync(name, first, contentType, cancellationToken).ConfigureAwait(false);
        }

        string uploadId;
        try
        {
            uploadId = await InitiateAsync(name, contentType).ConfigureAwait(false);
        }
        catch
        {
            first.Dispose();
            throw;
        }

        try
        {
            var (etags, lengthBytes) = await SendPartsAsync(name, uploadId, first, content, cancellationToken)
                .ConfigureAwait(false);
            if (await CompleteAsync(name, uploadId, etags, cancellationToken).ConfigureAwait(false))
                return lengthBytes;
            await AbortAsync(name, uploadId).ConfigureAwait(false);
            return null;
        }
        catch
        {
            await AbortAsync(name, uploadId).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<long?> PutWholeAsync(
        string name, PartBuffer content, string contentType, CancellationToken cancellationToken)
    {
        var stored = await ConditionallyAsync(
            "put",
            (condition, token) => clients.Server.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = options.Value.Bucket,
                    Key = name,
                    ContentType = contentType,
                    InputStream = content.Read(),
                    UseChunkEncoding = false,
                    IfNoneMatch = condition,
                },
                token),
            content.LengthBytes,
            cancellationToken).ConfigureAwait(false);
        return stored ? content.LengthBytes : null;
    }

    /// <summary>
    /// Begins. Whoever hangs up meanwhile is heeded later: an answer that is not waited for would leave behind an
    /// upload that nobody knows.
    /// </summary>
    private async Task<string> InitiateAsync(string name, string contentType)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = options.Value.Bucket,
            Key = name,
            ContentType = contentType,
        };
        var answer = await AnsweredAsync(
            "initiate_upload",
            token => clients.Server.InitiateMultipartUploadAsync(request, token),
            CancellationToken.None).ConfigureAwait(false);
        return answer.UploadId;
    }

    private async Task<(List<PartETag> Tags, long LengthBytes)> SendPartsAsync(
        string name, string uploadId, PartBuffer first, Stream content, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tags = new List<PartETag>();
        var lengthBytes = 0L;
        Task<PartETag>? sending = null;
        PartBuffer? next = first;
        try
        {
            while (next is not null)
            {
                lengthBytes += next.LengthBytes;
                var isLast = !next.IsFull;
                var part = next;
                next = null;
                sending = SendPartAsync(name, uploadId, tags.Count + 1, part, stop.Token);
                if (!isLast)
                    next = await PartBuffer.FillAsync(content, options.Value.PartSizeBytes, stop.Token)
                        .ConfigureAwait(false);
                tags.Add(await sending.ConfigureAwait(false));
                sending = null;
                if (next is { LengthBytes: 0 })
                {
                    next.Dispose();
                    next = null;
                }
            }

            return (tags, lengthBytes);
        }
        finally
        {
            next?.Dispose();

            // A part that arrived after the upload was aborted would stay behind, so it is waited for first.
            if (sending is not null)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<PartETag> SendPartAsync(
        string name, string uploadId, int number, PartBuffer part, CancellationToken cancellationToken)
    {
        using (part)
        {
            var answer = await AnsweredAsync(
                "upload_part",
                token => clients.Server.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = options.Value.Bucket,
                        Key = name,
                        UploadId = uploadId,
                        PartNumber = number,
                        PartSize = part.LengthBytes,
                        InputStream = part.Read(),
                        UseChunkEncoding = false,
                    },
                    token),
                cancellationToken,
                part.LengthBytes).ConfigureAwait(false);
            return new PartETag(number, answer.ETag);
        }
    }

    private async Task<bool> CompleteAsync(
        string name, string uploadId, List<PartETag> tags, CancellationToken cancellationToken)
    {
        try
        {
            return await ConditionallyAsync(
                "complete_upload",
                (condition, token) => clients.Server.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = options.Value.Bucket,
                        Key = name,
                        UploadId = uploadId,
                        PartETags = tags,
                        IfNoneMatch = condition,
                    },
                    token),
                options.Value.PartSizeBytes,
                cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreUnavailableException failure)
            when (failure.InnerException is AmazonServiceException { ErrorCode: "NoSuchUpload" })
        {
            // An attempt before, whose answer was lost, had completed it; or else it is not there, and a look tells.
            return false;
        }
    }

    /// <summary>Takes the parts away, whoever has hung up. What prevents it does not hide why it had to be.</summary>
    private async Task AbortAsync(string name, string uploadId)
    {
        var request = new AbortMultipartUploadRequest
        {
            BucketName = options.Value.Bucket,
            Key = name,
            UploadId = uploadId,
        };
        try
        {
            await calls.RunAsync(
                "abort_upload",
                token => clients.Server.AbortMultipartUploadAsync(request, token),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (AmazonServiceException)
        {
            // It is not there any more.
        }
        catch (ObjectStoreUnavailableException failure)
        {
            LogNotAborted(failure, name);
        }
    }

    /// <summary>Writes unless an object is there; false when one is.</summary>
    private async Task<bool> ConditionallyAsync<T>(
        string operation,
        Func<string?, CancellationToken, Task<T>> call,
        long bodyBytes,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var condition = _isConditional ? "*" : null;
            try
            {
                await calls.RunAsync(operation, token => call(condition, token), cancellationToken, bodyBytes)
                    .ConfigureAwait(false);
                return true;
            }
            catch (AmazonServiceException failure) when (S3Failures.IsThereAlready(failure))
            {
                return false;
            }
            catch (AmazonServiceException failure)
                when (failure.StatusCode == HttpStatusCode.NotImplemented && condition is not null)
            {
                _isConditional = false;
            }
            catch (AmazonServiceException failure)
            {
                throw Unexpected(operation, failure);
            }
        }
    }

    private async Task<T> AnsweredAsync<T>(
        string operation,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken,
        long bodyBytes = 0)
    {
        try
        {
            return await calls.RunAsync(operation, call, cancellationToken, bodyBytes).ConfigureAwait(false);
        }
        catch (AmazonServiceException failure)
        {
            throw Unexpected(operation, failure);
        }
    }

    private static ObjectStoreUnavailableException Unexpected(string operation, AmazonServiceException failure) =>
        new($"S3 does not take the object ({operation}: {S3Failures.Describe(failure)}).", failure);

    /// <summary>One part's bytes, in memory that is given back.</summary>
    private sealed class PartBuffer : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        private int _length;

        private PartBuffer()
        {
        }

        public long LengthBytes => _length;

        /// <summary>Whether the stream may hold more.</summary>
        public bool IsFull { get; private set; }

        /// <summary>Reads a part, and so finds out whether it is the last. A small one takes little memory.</summary>
        public static async Task<PartBuffer> FillAsync(Stream content, int partSizeBytes, CancellationToken stop)
        {
            var part = new PartBuffer();
            try
            {
                while (part._length < partSizeBytes)
                {
                    part.MakeRoom(partSizeBytes);
                    var room = Math.Min(part._bytes.Length, partSizeBytes) - part._length;
                    var count = await content.ReadAsync(part._bytes.AsMemory(part._length, room), stop)
                        .ConfigureAwait(false);
                    if (count == 0)
                        return part;
                    part._length += count;
                }

                part.IsFull = true;
                return part;
            }
            catch
            {
                part.Dispose();
                throw;
            }
        }

        public MemoryStream Read() => new(_bytes, 0, _length, writable: false);

        public void Dispose()
        {
            if (_bytes.Length > 0)
                ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        private void MakeRoom(int partSizeBytes)
        {
            if (_length < _bytes.Length)
                return;
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(partSizeBytes, 2L * _bytes.Length));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}
