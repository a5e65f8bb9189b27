using System.Globalization;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>A dotted path, followed through documents and through the elements of arrays.</summary>
internal sealed class FieldPath(string text)
{
    public string Text { get; } = text;

    public string[] Parts { get; } = text.Split('.');

    /// <summary>
    /// Whether the test holds for any value that the path leads to. A path that leads nowhere gives one null. The last
    /// value is given as it stands: an array is one value here.
    /// </summary>
    public bool Any(BsonDocument document, Func<BsonValue?, bool> test) => Any(document, 0, test);

    /// <summary>Every value that the path leads to, arrays as they stand; none where it leads nowhere.</summary>
    public List<BsonValue> Values(BsonDocument document)
    {
        var values = new List<BsonValue>();
        Any(document, value =>
        {
            if (value is not null)
                values.Add(value);
            return false;
        });
        return values;
    }

    /// <summary>What the path holds when it goes through documents alone.</summary>
    public BsonValue? Single(BsonDocument document)
    {
        BsonValue? value = document;
        foreach (var part in Parts)
        {
            if (value is not BsonDocument inner || !inner.TryGetValue(part, out value))
                return null;
        }

        return value;
    }

    private bool Any(BsonValue value, int part, Func<BsonValue?, bool> test)
    {
        if (part == Parts.Length)
            return test(value);
        return value switch
        {
            BsonDocument document => document.TryGetValue(Parts[part], out var inner)
                ? Any(inner, part + 1, test)
                : test(null),
            BsonArray array => AnyElement(array, part, test),
            _ => test(null),
        };
    }

    private bool AnyElement(BsonArray array, int part, Func<BsonValue?, bool> test)
    {
        if (int.TryParse(Parts[part], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < array.Count && Any(array[index], part + 1, test))
        {
            return true;
        }

        foreach (var element in array)
        {
            if (element is BsonDocument && Any(element, part, test))
                return true;
        }

        return false;
    }
}
