using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace IndiiMusic.MongoDbServer.Wire;

/// <summary>A command as it came in: its document, and the lists of documents that travelled beside it.</summary>
internal sealed class Request(int id, BsonDocument body, Dictionary<string, List<byte[]>> sequences)
{
    public int Id { get; } = id;

    public BsonDocument Body { get; } = body;

    public string Name { get; } = body.GetElement(0).Name;

    /// <summary>The legacy greeting, which is answered by the legacy reply.</summary>
    public bool IsLegacy { get; init; }

    public bool WantsReply { get; init; } = true;

    public string Database => Body["$db"].AsString;

    /// <summary>database.collection, for commands whose first value names a collection; otherwise empty.</summary>
    public string Namespace => Body[0] is BsonString collection ? $"{Database}.{collection.Value}" : "";

    public string Collection => Body[0] is BsonString collection ? collection.Value : "";

    /// <summary>A list of documents, wherever it travelled.</summary>
    public IReadOnlyList<byte[]> Documents(string name)
    {
        if (sequences.TryGetValue(name, out var documents))
            return documents;
        return Body.GetValue(name, null!) is BsonArray array
            ? [.. array.Select(document => document.AsBsonDocument.ToBson())]
            : throw CommandException.FailedToParse($"BSON field '{Name}.{name}' is missing but a required field");
    }

    public List<BsonDocument> Statements(string name) =>
        [.. Documents(name).Select(bytes => BsonSerializer.Deserialize<BsonDocument>(bytes))];

    /// <summary>Everything as one document, as a person would write it in the shell.</summary>
    public BsonDocument ToDocument()
    {
        var document = (BsonDocument)Body.DeepClone();
        foreach (var (name, documents) in sequences)
            document[name] = new BsonArray(documents.Select(bytes => BsonSerializer.Deserialize<BsonDocument>(bytes)));
        return document;
    }

    /// <summary>Refuses what this server would silently leave out.</summary>
    public void RequireFields(params ReadOnlySpan<string> known)
    {
        foreach (var name in Body.Names.Skip(1))
        {
            var isCommon = name is "$db" or "lsid" or "$clusterTime" or "$readPreference" or "readConcern"
                or "writeConcern" or "txnNumber" or "maxTimeMS" or "comment";
            if (!isCommon && !known.Contains(name))
                throw CommandException.UnknownField(Name, name);
        }
    }
}
