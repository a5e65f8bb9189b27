using System.Buffers;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>A field of a sort or of an index, and whether it runs downwards.</summary>
internal sealed record OrderedField(FieldPath Path, bool Descending)
{
    public static OrderedField[] ReadAll(BsonDocument pattern) => [.. pattern.Select(Read)];

    /// <summary>Adds the encoded value, turned over where the field runs downwards.</summary>
    public void Append(ArrayBufferWriter<byte> into, ReadOnlySpan<byte> encoded)
    {
        var span = into.GetSpan(encoded.Length);
        encoded.CopyTo(span);
        if (Descending)
            TurnOver(span[..encoded.Length]);
        into.Advance(encoded.Length);
    }

    /// <summary>
    /// What the document holds there, encoded: every element of an array by itself, an array without elements as what
    /// comes before null, and null where there is nothing.
    /// </summary>
    public List<byte[]> Encode(BsonDocument document)
    {
        var found = new List<byte[]>(1);
        Path.Any(document, value =>
        {
            if (value is BsonArray { Count: 0 })
            {
                var empty = new ArrayBufferWriter<byte>();
                BsonOrder.AppendEmptyArray(empty);
                found.Add(empty.WrittenSpan.ToArray());
            }
            else if (value is BsonArray array)
            {
                found.AddRange(array.Select(BsonOrder.Encode));
            }
            else
            {
                found.Add(BsonOrder.Encode(value));
            }

            return false;
        });
        if (found.Count == 0)
            found.Add(BsonOrder.Encode(null));
        return found.Count == 1 ? found : [.. found.DistinctBy(Convert.ToHexString)];
    }

    private static OrderedField Read(BsonElement element) => element.Value switch
    {
        BsonInt32 or BsonInt64 or BsonDouble when element.Value.ToDouble() is 1 or -1 =>
            new OrderedField(new FieldPath(element.Name), element.Value.ToDouble() < 0),
        _ => throw CommandException.BadValue($"{element.Name}: {element.Value} is no order that this server knows"),
    };

    private static void TurnOver(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)~bytes[i];
    }
}

/// <summary>What a find sorts by.</summary>
internal sealed class SortOrder(BsonDocument pattern)
{
    public OrderedField[] Fields { get; } = OrderedField.ReadAll(pattern);

    /// <summary>A key such that documents sorted by it come in this order.</summary>
    public byte[] KeyOf(BsonDocument document)
    {
        var key = new ArrayBufferWriter<byte>(64);
        foreach (var field in Fields)
        {
            var values = field.Encode(document);
            values.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
            field.Append(key, field.Descending ? values[^1] : values[0]);
        }

        return key.WrittenSpan.ToArray();
    }

    public static int CompareKeys(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right);
}
