using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.FaultInjection;

/// <summary>What a fault does to a command.</summary>
internal sealed record FaultEffect
{
    /// <summary>The connection is closed and nothing was done.</summary>
    public bool DropsBefore { get; init; }

    /// <summary>The command was carried out, and the connection is closed instead of an answer.</summary>
    public bool DropsAfter { get; init; }

    /// <summary>The command was carried out; its answer waits so long.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The command was carried out; its answer waits until the fault is disposed.</summary>
    public bool Holds { get; init; }

    /// <summary>The answer that is given instead of carrying the command out.</summary>
    public Func<BsonDocument, BsonDocument>? Instead { get; init; }

    /// <summary>What stands beside the answer of a command that was carried out.</summary>
    public BsonDocument? WriteConcernError { get; init; }
}
