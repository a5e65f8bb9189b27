using System.Buffers;
using IndiiMusic.Grains.Interfaces.Idempotency;

namespace IndiiMusic.Api.Idempotency;

/// <summary>
/// Holds a response body back until it is whole, so that it can be kept before the caller has it. One that grows too
/// long to be kept is let through.
/// </summary>
internal sealed class HeldBody(Stream to) : Stream
{
    private readonly ArrayBufferWriter<byte> _held = new();

    /// <summary>True when it grew too long; then nothing is held.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The body so far.</summary>
    public ReadOnlyMemory<byte> Held => _held.WrittenMemory;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends what is held.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        var held = _held.WrittenMemory;
        if (held.Length > 0)
            await to.WriteAsync(held, cancellationToken);

        _held.Clear();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsTooLong && _held.WrittenCount + buffer.Length <= IdempotencyLimits.BodyBytesMax)
        {
            _held.Write(buffer.Span);
            return;
        }

        IsTooLong = true;
        await ReleaseAsync(cancellationToken);
        await to.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        IsTooLong ? to.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Responses are written asynchronously.");

    public override void Flush()
    {
        // Nothing is flushed before the body is whole.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
