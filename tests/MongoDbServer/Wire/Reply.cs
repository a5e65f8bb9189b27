using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace IndiiMusic.MongoDbServer.Wire;

/// <summary>An answer; the documents of a cursor's batch go out as the bytes that they are stored as.</summary>
internal sealed record Reply(BsonDocument Document)
{
    public static Reply Ok => new(new BsonDocument("ok", 1.0));

    public Batch? Batch { get; init; }

    public byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using var writer = new BsonBinaryWriter(buffer);
        var context = BsonSerializationContext.CreateRoot(writer);
        writer.WriteStartDocument();
        if (Batch is not null)
            Batch.WriteTo(writer);
        foreach (var element in Document)
        {
            writer.WriteName(element.Name);
            BsonValueSerializer.Instance.Serialize(context, element.Value);
        }

        writer.WriteEndDocument();
        writer.Flush();
        return buffer.ToArray();
    }
}

/// <summary>Part of what a cursor leads to.</summary>
internal sealed record Batch(string Name, string Namespace, long CursorId, IReadOnlyList<byte[]> Documents)
{
    public void WriteTo(BsonBinaryWriter writer)
    {
        writer.WriteName("cursor");
        writer.WriteStartDocument();
        writer.WriteName(Name);
        writer.WriteStartArray();
        foreach (var document in Documents)
        {
            using var slice = new ByteArrayBuffer(document, isReadOnly: true);
            writer.WriteRawBsonDocument(slice);
        }

        writer.WriteEndArray();
        writer.WriteInt64("id", CursorId);
        writer.WriteString("ns", Namespace);
        writer.WriteEndDocument();
    }
}
