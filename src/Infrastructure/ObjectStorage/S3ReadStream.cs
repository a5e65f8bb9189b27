using Amazon.S3.Model;
using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// The body of one answer of S3. When it breaks off it is taken up again where it broke, from the same object, so that
/// a listener hears no gap. Nothing is read ahead; disposing it early ends the transfer.
/// </summary>
/// <param name="answer">The answer, whose body begins at <paramref name="start"/>.</param>
/// <param name="start">Where in the object its body begins.</param>
/// <param name="reopen">Opens the object again: from, to before, and with that ETag only.</param>
/// <param name="options">How long a read may take, and how often to take up again.</param>
internal sealed class S3ReadStream(
    GetObjectResponse answer,
    long start,
    Func<long, long, string, CancellationToken, Task<GetObjectResponse>> reopen,
    S3Options options) : Stream
{
    private readonly long _end = start + answer.ContentLength;
    private readonly string _tag = answer.ETag;
    private GetObjectResponse _answer = answer;
    private CancellationTokenSource _patience = new();
    private long _position = start;
    private int _resumes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, _end - _position)];
        while (!wanted.IsEmpty)
        {
            Exception? broken = null;
            try
            {
                var count = await ReadPatientlyAsync(wanted, cancellationToken).ConfigureAwait(false);
                _position += count;
                if (count > 0)
                    return count;
            }
            catch (Exception failure)
                when (!cancellationToken.IsCancellationRequested && S3Failures.KindOf(failure) is not null)
            {
                broken = failure;
            }

            await ResumeAsync(broken, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Objects are read asynchronously only.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _answer.Dispose();
            _patience.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadPatientlyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_patience.TryReset())
        {
            _patience.Dispose();
            _patience = new CancellationTokenSource();
        }

        _patience.CancelAfter(options.ReadTimeout);
        await using var stop = cancellationToken.UnsafeRegister(
            static patience => ((CancellationTokenSource)patience!).Cancel(), _patience);
        try
        {
            return await _answer.ResponseStream.ReadAsync(buffer, _patience.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task ResumeAsync(Exception? broken, CancellationToken cancellationToken)
    {
        if (_resumes++ >= options.ResumesMax)
            throw new ObjectStoreUnavailableException("S3 breaks off in the middle of an object, repeatedly.", broken);
        _answer.Dispose();
        _answer = await reopen(_position, _end, _tag, cancellationToken).ConfigureAwait(false);
        S3Metrics.ResumedReads.Inc();
    }
}
