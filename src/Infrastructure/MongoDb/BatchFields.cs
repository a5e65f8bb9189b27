using System.Globalization;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>What a batch's document is made of, and how its key is.</summary>
internal static class BatchFields
{
    public const string Collection = "events";
    public const string Stream = "stream";
    public const string LastVersion = "lastVersion";
    public const string OutboxSince = "outboxSince";

    /// <summary>
    /// The key of what stands at a version of a stream: <c>playlist/0197…@0000000000000000042</c>. In its text's order
    /// the versions of a stream ascend. Digits of one number make the end, so no two streams share a key.
    /// </summary>
    public static string IdOf(string stream, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{stream}@{version:D19}");

    /// <summary>
    /// What begins within a range of versions. The stream stands beside the range as the shard key, and keeps out
    /// streams whose own key looks like one of these.
    /// </summary>
    public static BsonDocument Between(string stream, long fromVersion, long toVersion) => new()
    {
        { Stream, stream },
        { "_id", new BsonDocument { { "$gte", IdOf(stream, fromVersion) }, { "$lte", IdOf(stream, toVersion) } } },
    };

    /// <summary>One document.</summary>
    public static BsonDocument At(string stream, long version) =>
        new() { { Stream, stream }, { "_id", IdOf(stream, version) } };
}
