using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Api.Objects;

/// <summary>
/// A stored object as the body of a response, for stores that lie elsewhere. The framework moves to where a range
/// begins, says in Content-Length how much of it there will be, and then reads: just that is fetched, by one request to
/// the store, and nothing at all where only headers are answered.
/// </summary>
internal sealed class ObjectStream(
    StoredObjects stored, IObjectStore objects, string key, long lengthBytes, HttpResponse response) : Stream
{
    private Stream? _open;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => lengthBytes + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        if (position != _position)
        {
            _open?.Dispose();
            _open = null;
        }

        return _position = position;
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= lengthBytes)
            return 0;
        _open ??= await OpenAsync(cancellationToken);
        var count = await _open.ReadAsync(buffer, cancellationToken);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Objects are read asynchronously only.");

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _open?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var rest = lengthBytes - _position;
        try
        {
            return await objects.OpenAsync(
                key, _position, Math.Min(response.ContentLength ?? rest, rest), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            stored.Forget(key);
            throw StoredObjects.Missing();
        }
    }
}
