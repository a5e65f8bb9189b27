using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Turns a JSON document into BSON values in one pass, so that a body is a document that a person can read and query.
/// <see cref="JsonFromBson"/> gives back the same JSON: names in their order, each number with the digits it had.
/// </summary>
/// <remarks>
/// A number becomes an integer or a double when that is written with the same digits again. All others (1.0, 1e400,
/// more digits than a double holds) become <c>{"%number": "1.0"}</c>, which no name of JSON becomes, see
/// <see cref="BsonNames"/>. So it can be told apart, and readers that care about a decimal's scale get it.
/// </remarks>
internal static class BsonFromJson
{
    /// <summary>The longest text that .NET gives a double has 24 characters.</summary>
    private const int DoubleCharactersMax = 32;

    /// <summary>The name that marks a number in text.</summary>
    public static ReadOnlySpan<byte> NumberMark => "%number"u8;

    /// <summary>Writes a JSON document as a field.</summary>
    /// <exception cref="JsonException">It is no JSON document, or holds text that is no Unicode.</exception>
    public static void Field(BsonBuffer bson, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var place = new Place { Name = name };
        Write(bson, ref place, json);
    }

    /// <summary>Writes a JSON document as an item of an array.</summary>
    /// <inheritdoc cref="Field" path="/exception"/>
    public static void Item(BsonBuffer bson, int index, ReadOnlySpan<byte> json)
    {
        var place = new Place { IsItem = true, Index = index };
        Write(bson, ref place, json);
    }

    private static void Write(BsonBuffer bson, ref Place place, ReadOnlySpan<byte> json)
    {
        // The reader does not look into strings that hold no escapes.
        if (!Utf8.IsValid(json))
            throw new JsonException("The document is not UTF-8.");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        try
        {
            WriteValue(bson, ref reader, ref place);
        }
        catch (InvalidOperationException failure)
        {
            throw new JsonException("The document holds half a surrogate pair.", failure);
        }

        // Refuses what follows the document.
        reader.Read();
    }

    private static void WriteValue(BsonBuffer bson, ref Utf8JsonReader reader, ref Place place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                place.Begin(bson, BsonType.Document);
                WriteObject(bson, ref reader);
                break;
            case JsonTokenType.StartArray:
                place.Begin(bson, BsonType.Array);
                WriteArray(bson, ref reader);
                break;
            case JsonTokenType.String:
                place.Begin(bson, BsonType.String);
                WriteString(bson, ref reader);
                break;
            case JsonTokenType.Number:
                WriteNumber(bson, reader.ValueSpan, ref place);
                break;
            case JsonTokenType.Null:
                place.Begin(bson, BsonType.Null);
                break;
            default:
                place.Begin(bson, BsonType.Boolean);
                bson.BooleanValue(reader.TokenType == JsonTokenType.True);
                break;
        }
    }

    private static void WriteObject(BsonBuffer bson, ref Utf8JsonReader reader)
    {
        var start = bson.Begin();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (reader.ValueIsEscaped)
            {
                var unescaped = new byte[name.Length];
                name = unescaped.AsSpan(0, reader.CopyString(unescaped));
            }

            if (!BsonNames.IsPlain(name))
            {
                var field = new byte[name.Length * BsonNames.GrowthMax];
                name = field.AsSpan(0, BsonNames.Escape(name, field));
            }

            var place = new Place { Name = name };
            reader.Read();
            WriteValue(bson, ref reader, ref place);
        }

        bson.End(start);
    }

    private static void WriteArray(BsonBuffer bson, ref Utf8JsonReader reader)
    {
        var start = bson.Begin();
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            var place = new Place { IsItem = true, Index = index };
            WriteValue(bson, ref reader, ref place);
        }

        bson.End(start);
    }

    private static void WriteString(BsonBuffer bson, ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
            bson.EndString(reader.CopyString(bson.BeginString(reader.ValueSpan.Length)));
        else
            bson.StringValue(reader.ValueSpan);
    }

    private static void WriteNumber(BsonBuffer bson, ReadOnlySpan<byte> digits, ref Place place)
    {
        if (Utf8Parser.TryParse(digits, out long integer, out var consumed) && consumed == digits.Length
            && !digits.SequenceEqual("-0"u8))
        {
            if (integer is >= int.MinValue and <= int.MaxValue)
            {
                place.Begin(bson, BsonType.Int32);
                bson.Int32Value((int)integer);
            }
            else
            {
                place.Begin(bson, BsonType.Int64);
                bson.Int64Value(integer);
            }

            return;
        }

        Span<byte> again = stackalloc byte[DoubleCharactersMax];
        if (double.TryParse(digits, CultureInfo.InvariantCulture, out var number)
            && number.TryFormat(again, out var length, provider: CultureInfo.InvariantCulture)
            && digits.SequenceEqual(again[..length]))
        {
            place.Begin(bson, BsonType.Double);
            bson.DoubleValue(number);
            return;
        }

        place.Begin(bson, BsonType.Document);
        var start = bson.Begin();
        bson.String(NumberMark, digits);
        bson.End(start);
    }

    /// <summary>Where a value goes: a name in a document, or an index in an array.</summary>
    private ref struct Place
    {
        public ReadOnlySpan<byte> Name { get; init; }

        public bool IsItem { get; init; }

        public int Index { get; init; }

        public readonly void Begin(BsonBuffer bson, BsonType type)
        {
            if (IsItem)
                bson.BeginItem(type, Index);
            else
                bson.BeginField(type, Name);
        }
    }
}
