using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>What an update does to a document: puts another in its place, or changes fields by operators.</summary>
internal sealed class Update
{
    private readonly BsonDocument _update;
    private readonly bool _replaces;

    public Update(BsonValue update)
    {
        if (update is not BsonDocument document)
            throw CommandException.BadValue("Updates by an aggregation pipeline are not known to this server.");
        _update = document;
        _replaces = document.ElementCount == 0 || !document.GetElement(0).Name.StartsWith('$');
        if (_replaces && document.Names.Any(name => name.StartsWith('$')))
            throw CommandException.FailedToParse("A replacement document must not hold operators.");
        foreach (var name in _replaces ? [] : document.Names)
            UpdateOperators.Require(name);
    }

    public bool Replaces => _replaces;

    /// <summary>The document as it is afterwards, its _id first.</summary>
    public BsonDocument Apply(BsonDocument before, bool isInsert)
    {
        var id = before.GetValue("_id", null!);
        var after = _replaces ? (BsonDocument)_update.DeepClone() : before;
        if (!_replaces)
        {
            foreach (var element in _update)
                UpdateOperators.Apply(element.Name, element.Value.AsBsonDocument, after, isInsert);
        }

        var idAfter = after.GetValue("_id", null!);
        if (id is not null && idAfter is not null && !BsonOrder.AreEqual(id, idAfter))
            throw CommandException.ImmutableId();
        if (id is not null && idAfter is null && !_replaces)
            throw CommandException.ImmutableId();
        return WithIdFirst(after, idAfter ?? id);
    }

    /// <summary>The document that an upsert begins with: the fields that the filter asks to be equal.</summary>
    public BsonDocument BeginUpsert(Filter filter)
    {
        var document = new BsonDocument();
        foreach (var field in filter.Required)
        {
            if (field.Condition is EqualCondition equal && (!_replaces || field.Path.Text == "_id"))
                DocumentPath.Set(document, field.Path, equal.Wanted.DeepClone());
        }

        return document;
    }

    private static BsonDocument WithIdFirst(BsonDocument document, BsonValue? id)
    {
        id ??= ObjectId.GenerateNewId();
        if (document.ElementCount > 0 && document.GetElement(0).Name == "_id")
            return document;
        document.Remove("_id");
        document.InsertAt(0, new BsonElement("_id", id));
        return document;
    }
}
