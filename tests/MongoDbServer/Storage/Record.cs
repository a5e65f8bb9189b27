using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace IndiiMusic.MongoDbServer.Storage;

/// <summary>
/// A stored document. Its bytes are never written into: a change puts other bytes in their place, so that what a find
/// has collected can be sent after the collection's lock is given back.
/// </summary>
internal sealed class Record(long id, byte[] bytes)
{
    public long Id { get; } = id;

    public byte[] Bytes { get; set; } = bytes;

    /// <summary>Its keys, index by index, in the order of the collection's indexes.</summary>
    public List<byte[][]> Keys { get; } = [];

    public LinkedListNode<Record>? Node { get; set; }

    /// <summary>Reads fields where they stand.</summary>
    public BsonDocument View => new RawBsonDocument(Bytes);

    /// <summary>A copy to change.</summary>
    public BsonDocument Copy() => BsonSerializer.Deserialize<BsonDocument>(Bytes);
}
