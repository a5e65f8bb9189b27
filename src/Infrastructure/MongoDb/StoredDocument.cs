using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Bson.Serialization.Serializers;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>A document as the bytes that go over the wire; the driver passes them on and builds no objects.</summary>
[BsonSerializer(typeof(StoredDocumentSerializer))]
internal sealed class StoredDocument(ReadOnlyMemory<byte> bytes)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public BsonElements Elements() => new(Bytes.Span);
}

/// <summary>Hands <see cref="StoredDocument"/>s to the driver and takes them from it.</summary>
internal sealed class StoredDocumentSerializer : SealedClassSerializerBase<StoredDocument>
{
    protected override void SerializeValue(
        BsonSerializationContext context, BsonSerializationArgs args, StoredDocument value)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(value.Bytes, out var segment)
            || segment.Offset != 0)
        {
            segment = new ArraySegment<byte>(value.Bytes.ToArray());
        }

        using var buffer = new ByteArrayBuffer(segment.Array!, segment.Count, isReadOnly: true);
        context.Writer.WriteRawBsonDocument(buffer);
    }

    protected override StoredDocument DeserializeValue(
        BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        using var slice = context.Reader.ReadRawBsonDocument();
        var bytes = new byte[slice.Length];
        slice.GetBytes(0, bytes, 0, bytes.Length);
        return new StoredDocument(bytes);
    }
}
