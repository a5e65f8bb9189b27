using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>Which fields of a document an answer holds: those named, or all but those named.</summary>
internal sealed class Projection
{
    private readonly Node _root = new();
    private readonly bool _includes;
    private readonly bool _includesId = true;

    public Projection(BsonDocument specification)
    {
        bool? includes = null;
        foreach (var element in specification)
        {
            if (element.Value is not (BsonInt32 or BsonInt64 or BsonDouble or BsonBoolean)
                || element.Name.Contains('$'))
            {
                throw CommandException.BadValue($"projection {element} is not known to this server");
            }

            var wanted = element.Value.ToBoolean();
            if (element.Name == "_id")
            {
                _includesId = wanted;
                continue;
            }

            if (includes is { } before && before != wanted)
            {
                throw new CommandException(
                    31254, "Location31254", $"Cannot do mix inclusion and exclusion on field {element.Name}");
            }

            includes = wanted;
            _root.Add(element.Name.Split('.'));
        }

        _includes = includes ?? (specification.Contains("_id") && _includesId);
    }

    public BsonDocument Apply(BsonDocument document)
    {
        var result = new BsonDocument();
        foreach (var element in document)
        {
            if (element.Name == "_id")
            {
                if (_includesId)
                    result.Add(element);
            }
            else if (Select(element.Value, _root.Inner.GetValueOrDefault(element.Name)) is { } value)
            {
                result.Add(element.Name, value);
            }
        }

        return result;
    }

    private BsonValue? Select(BsonValue value, Node? node)
    {
        if (node is null)
            return _includes ? null : value;
        if (node.Inner.Count == 0)
            return _includes ? value : null;
        switch (value)
        {
            case BsonDocument document:
                var result = new BsonDocument();
                foreach (var element in document)
                {
                    if (Select(element.Value, node.Inner.GetValueOrDefault(element.Name)) is { } inner)
                        result.Add(element.Name, inner);
                }

                return result;
            case BsonArray array:
                return new BsonArray(array.Select(item => Select(item, node)).OfType<BsonValue>());
            default:
                return _includes ? null : value;
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Inner { get; } = new(StringComparer.Ordinal);

        public void Add(ReadOnlySpan<string> path)
        {
            if (path.IsEmpty)
                return;
            if (!Inner.TryGetValue(path[0], out var next))
                Inner[path[0]] = next = new Node();
            next.Add(path[1..]);
        }
    }
}
