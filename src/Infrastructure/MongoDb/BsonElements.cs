using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>Walks the fields of a BSON document, or the items of an array, where they stand in memory.</summary>
internal ref struct BsonElements
{
    private const int LengthBytes = 4;

    private ReadOnlySpan<byte> _rest;

    /// <param name="document">The document, its length and its end with it.</param>
    public BsonElements(ReadOnlySpan<byte> document)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(document);
        _rest = document[LengthBytes..length];
        Type = BsonType.EndOfDocument;
        Name = Value = default;
    }

    public BsonType Type { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value's bytes as they stand; a string's text alone.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public readonly int Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value);

    public readonly long Int64 => Type == BsonType.Int32 ? Int32 : BinaryPrimitives.ReadInt64LittleEndian(Value);

    public readonly double Double => BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(Value));

    public readonly bool Boolean => Value[0] != 0;

    public readonly string String => Encoding.UTF8.GetString(Value);

    public bool Next()
    {
        Type = (BsonType)_rest[0];
        if (Type == BsonType.EndOfDocument)
            return false;
        var nameLength = _rest[1..].IndexOf((byte)0);
        Name = _rest.Slice(1, nameLength);
        _rest = _rest[(nameLength + 2)..];
        switch (Type)
        {
            case BsonType.String:
                var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
                Value = _rest.Slice(LengthBytes, length - 1);
                _rest = _rest[(LengthBytes + length)..];
                break;
            case BsonType.Document or BsonType.Array:
                Take(BinaryPrimitives.ReadInt32LittleEndian(_rest));
                break;
            default:
                Take(SizeOf(Type));
                break;
        }

        return true;
    }

    private void Take(int length)
    {
        Value = _rest[..length];
        _rest = _rest[length..];
    }

    private static int SizeOf(BsonType type) => type switch
    {
        BsonType.Null => 0,
        BsonType.Boolean => 1,
        BsonType.Int32 => 4,
        BsonType.Int64 or BsonType.Double or BsonType.DateTime or BsonType.Timestamp => 8,
        BsonType.ObjectId => 12,
        _ => throw new InvalidDataException($"A document of this product holds no value of type {type}."),
    };
}
