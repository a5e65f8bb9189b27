using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>The stages of aggregations that the product sends.</summary>
internal static class Pipeline
{
    public static IEnumerable<BsonDocument> Run(IEnumerable<BsonDocument> documents, IEnumerable<BsonDocument> stages)
    {
        foreach (var stage in stages)
        {
            var (name, argument) = (stage.GetElement(0).Name, stage[0]);
            documents = name switch
            {
                "$match" => documents.Where(FilterReader.Read(argument.AsBsonDocument).Matches),
                "$sort" => Sort(documents, new SortOrder(argument.AsBsonDocument)),
                "$skip" => documents.Skip(argument.ToInt32()),
                "$limit" => documents.Take(argument.ToInt32()),
                "$project" => documents.Select(new Projection(argument.AsBsonDocument).Apply),
                "$unwind" => Unwind(documents, argument),
                "$group" => Group(documents, argument.AsBsonDocument),
                "$count" => [new BsonDocument(argument.AsString, documents.Count())],
                _ => throw new CommandException(
                    40324, "Location40324", $"Unrecognized pipeline stage name: '{name}' (not known to this server)"),
            };
        }

        return documents;
    }

    private static IEnumerable<BsonDocument> Sort(IEnumerable<BsonDocument> documents, SortOrder order) =>
        documents.OrderBy(order.KeyOf, Comparer<byte[]>.Create(SortOrder.CompareKeys));

    private static IEnumerable<BsonDocument> Unwind(IEnumerable<BsonDocument> documents, BsonValue argument)
    {
        if (argument is not BsonString)
            throw CommandException.BadValue($"$unwind with {argument} is not known to this server");
        var path = Field(argument);
        foreach (var document in documents)
        {
            var value = path.Single(document);
            foreach (var element in value is BsonArray array ? array : value is null or BsonNull ? [] : [value])
            {
                var copy = (BsonDocument)document.DeepClone();
                DocumentPath.Set(copy, path, element);
                yield return copy;
            }
        }
    }

    private static List<BsonDocument> Group(IEnumerable<BsonDocument> documents, BsonDocument specification)
    {
        var groups = new Dictionary<string, BsonDocument>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            var id = Evaluate(specification["_id"], document) ?? BsonNull.Value;
            var key = Convert.ToHexString(BsonOrder.Encode(id));
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = new BsonDocument("_id", id);
            foreach (var field in specification.Where(field => field.Name != "_id"))
                Accumulate(group, field, document);
        }

        return [.. groups.Values];
    }

    private static void Accumulate(BsonDocument group, BsonElement field, BsonDocument document)
    {
        var (name, argument) = (field.Value.AsBsonDocument.GetElement(0).Name, field.Value[0]);
        var value = Evaluate(argument, document);
        var before = group.GetValue(field.Name, null!);
        group[field.Name] = name switch
        {
            "$sum" => UpdateOperators.Add(before ?? 0, value is { IsNumeric: true } ? value : 0),
            "$first" => before ?? value ?? BsonNull.Value,
            "$max" => before is null || (value is not null && BsonOrder.Compare(value, before) > 0) ? value : before,
            "$min" => before is null || (value is not null && BsonOrder.Compare(value, before) < 0) ? value : before,
            _ => throw CommandException.BadValue($"unknown group operator '{name}'"),
        };
    }

    /// <summary>A field, a constant, or a document of those.</summary>
    private static BsonValue? Evaluate(BsonValue expression, BsonDocument document)
    {
        switch (expression)
        {
            case BsonString { Value: ['$', ..] }:
                return Field(expression).Single(document);
            case BsonDocument { ElementCount: > 0 } operators when operators.GetElement(0).Name.StartsWith('$'):
                throw CommandException.BadValue($"The expression {expression} is not known to this server.");
            case BsonDocument parts:
                var result = new BsonDocument();
                foreach (var part in parts)
                {
                    if (Evaluate(part.Value, document) is { } value)
                        result.Add(part.Name, value);
                }

                return result;
            default:
                return expression;
        }
    }

    private static FieldPath Field(BsonValue expression)
    {
        var text = expression.AsString;
        return text.StartsWith('$') && !text.StartsWith("$$", StringComparison.Ordinal)
            ? new FieldPath(text[1..])
            : throw CommandException.BadValue($"'{text}' is no field path that this server knows");
    }
}
