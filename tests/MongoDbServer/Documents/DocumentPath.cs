using System.Globalization;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>Writes through a dotted path, making the documents on the way.</summary>
internal static class DocumentPath
{
    public static void Set(BsonDocument document, FieldPath path, BsonValue value)
    {
        BsonValue holder = document;
        for (var part = 0; part < path.Parts.Length - 1; part++)
            holder = Enter(holder, path, part);
        Put(holder, path, value);
    }

    public static BsonValue? Get(BsonDocument document, FieldPath path)
    {
        BsonValue value = document;
        foreach (var part in path.Parts)
        {
            if (Child(value, part) is not { } child)
                return null;
            value = child;
        }

        return value;
    }

    public static void Unset(BsonDocument document, FieldPath path)
    {
        BsonValue? holder = document;
        foreach (var part in path.Parts[..^1])
        {
            holder = Child(holder, part);
            if (holder is null)
                return;
        }

        if (holder is BsonDocument inner)
            inner.Remove(path.Parts[^1]);
        else if (holder is BsonArray array && Index(path.Parts[^1]) is { } index && index < array.Count)
            array[index] = BsonNull.Value;
    }

    private static BsonValue Enter(BsonValue holder, FieldPath path, int part)
    {
        var child = Child(holder, path.Parts[part]);
        if (child is BsonDocument or BsonArray)
            return child;
        if (child is not null || holder is not BsonDocument document)
            throw NotViable(path);
        child = new BsonDocument();
        document[path.Parts[part]] = child;
        return child;
    }

    private static void Put(BsonValue holder, FieldPath path, BsonValue value)
    {
        var name = path.Parts[^1];
        if (name.StartsWith('$'))
            throw CommandException.BadValue($"The positional operator in '{path.Text}' is not known to this server.");
        if (holder is BsonDocument document)
        {
            document[name] = value;
        }
        else if (holder is BsonArray array && Index(name) is { } index)
        {
            while (array.Count <= index)
                array.Add(BsonNull.Value);
            array[index] = value;
        }
        else
        {
            throw NotViable(path);
        }
    }

    private static BsonValue? Child(BsonValue holder, string part) => holder switch
    {
        BsonDocument document => document.GetValue(part, null!),
        BsonArray array when Index(part) is { } index && index < array.Count => array[index],
        _ => null,
    };

    private static int? Index(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static CommandException NotViable(FieldPath path) =>
        new(28, "PathNotViable", $"Cannot create field in the path '{path.Text}'");
}
