using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Writes one BSON document, field by field, into memory that is borrowed. Format: https://bsonspec.org/spec.html.
/// </summary>
internal sealed class BsonBuffer : IDisposable
{
    private const int LengthBytes = 4;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1_024);

    /// <summary>How much was written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; the memory is this buffer's own.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Begins a document, or what a field's <see cref="BeginField"/> announced.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin()
    {
        var start = Length;
        Reserve(LengthBytes);
        Length += LengthBytes;
        return start;
    }

    /// <summary>Ends the document or array that began there.</summary>
    public void End(int start)
    {
        WriteByte(0);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), Length - start);
    }

    /// <summary>Forgets everything after a position.</summary>
    public void CutBack(int length) => Length = length;

    /// <summary>A field's type and name; the value comes next.</summary>
    public void BeginField(BsonType type, ReadOnlySpan<byte> name)
    {
        var span = Reserve(name.Length + 2);
        span[0] = (byte)type;
        name.CopyTo(span[1..]);
        span[name.Length + 1] = 0;
        Length += name.Length + 2;
    }

    /// <summary>A field of an array: its name is its number.</summary>
    public void BeginItem(BsonType type, int index)
    {
        const int digitsMax = 10;
        var span = Reserve(digitsMax + 2);
        span[0] = (byte)type;
        index.TryFormat(span[1..], out var digits);
        span[digits + 1] = 0;
        Length += digits + 2;
    }

    public void String(ReadOnlySpan<byte> name, string value)
    {
        BeginField(BsonType.String, name);
        var space = BeginString(Encoding.UTF8.GetMaxByteCount(value.Length));
        EndString(Encoding.UTF8.GetBytes(value, space));
    }

    public void String(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8)
    {
        BeginField(BsonType.String, name);
        StringValue(utf8);
    }

    public void Int64(ReadOnlySpan<byte> name, long value)
    {
        BeginField(BsonType.Int64, name);
        Int64Value(value);
    }

    public void Int32(ReadOnlySpan<byte> name, int value)
    {
        BeginField(BsonType.Int32, name);
        Int32Value(value);
    }

    public void Boolean(ReadOnlySpan<byte> name, bool value)
    {
        BeginField(BsonType.Boolean, name);
        BooleanValue(value);
    }

    public void BooleanValue(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public void Int32Value(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), value);
        Length += sizeof(int);
    }

    public void Int64Value(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        Length += sizeof(long);
    }

    public void DoubleValue(double value) => Int64Value(BitConverter.DoubleToInt64Bits(value));

    public void StringValue(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(BeginString(utf8.Length));
        EndString(utf8.Length);
    }

    /// <summary>Room for a string's bytes, which the caller fills before <see cref="EndString"/>.</summary>
    public Span<byte> BeginString(int bytesMax) => Reserve(LengthBytes + bytesMax + 1)[LengthBytes..];

    /// <summary>Says how many bytes the string has.</summary>
    public void EndString(int bytes)
    {
        var span = _bytes.AsSpan(Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, bytes + 1);
        span[LengthBytes + bytes] = 0;
        Length += LengthBytes + bytes + 1;
    }

    /// <summary>Bytes that are values already.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_bytes.Length - Length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + bytes));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(Length);
    }
}
