using IndiiMusic.MongoDbServer.Documents;
using IndiiMusic.MongoDbServer.Storage;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>Insert, update, delete and findAndModify.</summary>
internal sealed class WriteCommands(Databases databases)
{
    public Reply Insert(Request request)
    {
        request.RequireFields("documents", "ordered", "bypassDocumentValidation");
        var documents = request.Documents("documents");
        var collection = databases.Open(request.Namespace);
        var result = new WriteResult(request, documents.Count);
        lock (collection.Gate)
        {
            for (var i = 0; i < documents.Count && result.GoesOn; i++)
            {
                var document = documents[i];
                result.Try(i, () =>
                {
                    collection.Insert(Sized(WithIdFirst(document)));
                    result.Affected++;
                });
            }
        }

        return result.ToReply();
    }

    public Reply Update(Request request)
    {
        request.RequireFields("updates", "ordered", "bypassDocumentValidation");
        var statements = request.Statements("updates");
        var collection = databases.Open(request.Namespace);
        var result = new WriteResult(request, statements.Count) { CountsModified = true };
        lock (collection.Gate)
        {
            for (var i = 0; i < statements.Count && result.GoesOn; i++)
            {
                var (index, statement) = (i, statements[i]);
                result.Try(index, () => Update(collection, statement, index, result));
            }
        }

        return result.ToReply();
    }

    public Reply Delete(Request request)
    {
        request.RequireFields("deletes", "ordered");
        var statements = request.Statements("deletes");
        var collection = databases.Open(request.Namespace);
        var result = new WriteResult(request, statements.Count);
        lock (collection.Gate)
        {
            for (var i = 0; i < statements.Count && result.GoesOn; i++)
            {
                var statement = statements[i];
                result.Try(i, () =>
                {
                    RequireFields("delete", statement, "q", "limit", "hint");
                    var filter = FilterReader.Read(statement["q"].AsBsonDocument);
                    var found = collection.Find(filter, null, 0, statement["limit"].ToInt32(), Hint(statement));
                    found.ForEach(collection.Remove);
                    result.Affected += found.Count;
                });
            }
        }

        return result.ToReply();
    }

    public Reply FindAndModify(Request request)
    {
        request.RequireFields(
            "query", "sort", "update", "remove", "new", "upsert", "fields", "bypassDocumentValidation", "hint");
        var body = request.Body;
        var filter = FilterReader.Read(body.GetValue("query", new BsonDocument()).AsBsonDocument);
        var sort = body.TryGetValue("sort", out var pattern) && pattern.AsBsonDocument.ElementCount > 0
            ? new SortOrder(pattern.AsBsonDocument)
            : null;
        var collection = databases.Open(request.Namespace);
        var outcome = new BsonDocument();
        BsonDocument? value;
        lock (collection.Gate)
        {
            var found = collection.Find(filter, sort, 0, 1, Hint(body)).FirstOrDefault();
            if (body.GetValue("remove", false).ToBoolean())
            {
                value = found?.Copy();
                if (found is not null)
                    collection.Remove(found);
                outcome.Add("n", found is null ? 0 : 1);
            }
            else
            {
                value = Modify(collection, body, filter, found, outcome);
            }
        }

        if (value is not null && body.TryGetValue("fields", out var fields) && fields.AsBsonDocument.ElementCount > 0)
            value = new Projection(fields.AsBsonDocument).Apply(value);
        return new Reply(new BsonDocument
        {
            { "lastErrorObject", outcome },
            { "value", (BsonValue?)value ?? BsonNull.Value },
            { "ok", 1.0 },
        });
    }

    private static BsonDocument? Modify(
        Collection collection, BsonDocument body, Filter filter, Record? found, BsonDocument outcome)
    {
        var update = new Update(body["update"]);
        var wantsAfter = body.GetValue("new", false).ToBoolean();
        outcome.Add("n", found is null ? 0 : 1).Add("updatedExisting", found is not null);
        if (found is not null)
        {
            var before = found.Copy();
            Change(collection, found, update);
            return wantsAfter ? found.Copy() : before;
        }

        if (!body.GetValue("upsert", false).ToBoolean())
            return null;
        var inserted = Upsert(collection, update, filter);
        outcome["n"] = 1;
        outcome.Add("upserted", inserted["_id"]);
        return wantsAfter ? inserted : null;
    }

    private static void Update(Collection collection, BsonDocument statement, int index, WriteResult result)
    {
        RequireFields("update", statement, "q", "u", "multi", "upsert", "hint");
        var filter = FilterReader.Read(statement["q"].AsBsonDocument);
        var update = new Update(statement["u"]);
        var multi = statement.GetValue("multi", false).ToBoolean();
        if (multi && update.Replaces)
            throw CommandException.FailedToParse("multi update is not supported for replacement-style update");
        var found = collection.Find(filter, null, 0, multi ? 0 : 1, Hint(statement));
        foreach (var record in found)
        {
            if (Change(collection, record, update))
                result.Modified++;
            result.Affected++;
        }

        if (found.Count > 0 || !statement.GetValue("upsert", false).ToBoolean())
            return;
        result.AddUpserted(index, Upsert(collection, update, filter)["_id"]);
        result.Affected++;
    }

    private static bool Change(Collection collection, Record record, Update update)
    {
        var after = Sized(update.Apply(record.Copy(), isInsert: false).ToBson());
        if (after.AsSpan().SequenceEqual(record.Bytes))
            return false;
        collection.Replace(record, after);
        return true;
    }

    private static BsonDocument Upsert(Collection collection, Update update, Filter filter)
    {
        var document = update.Apply(update.BeginUpsert(filter), isInsert: true);
        collection.Insert(Sized(document.ToBson()));
        return document;
    }

    private static string? Hint(BsonDocument statement) => statement.GetValue("hint", null!) switch
    {
        null => null,
        BsonString name => name.Value,
        BsonDocument { ElementCount: 0 } => null,
        var other => throw CommandException.BadValue($"A hint is the name of an index here, not {other}"),
    };

    private static void RequireFields(string command, BsonDocument statement, params ReadOnlySpan<string> known)
    {
        foreach (var name in statement.Names)
        {
            if (!known.Contains(name))
                throw CommandException.UnknownField(command, name);
        }
    }

    private static byte[] Sized(byte[] document) => document.Length <= WriteLimits.DocumentSizeMax
        ? document
        : throw CommandException.DocumentTooLarge(document.Length);

    private static byte[] WithIdFirst(byte[] document)
    {
        // Behind the length stand the type of the first field and its name.
        if (document.AsSpan(5).StartsWith("_id\0"u8))
            return document;
        var parsed = BsonSerializer.Deserialize<BsonDocument>(document);
        var copy = new BsonDocument("_id", parsed.GetValue("_id", ObjectId.GenerateNewId()));
        parsed.Remove("_id");
        return copy.AddRange(parsed).ToBson();
    }
}
