using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>Gives back the JSON document that <see cref="BsonFromJson"/> took.</summary>
internal static class JsonFromBson
{
    private const int DoubleCharactersMax = 32;
    private const int ShortName = 256;

    // The body was JSON that this product wrote; readers are JSON parsers, no browsers.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The JSON document in the field that the elements stand at.</summary>
    /// <exception cref="InvalidDataException">The field holds what no JSON document becomes.</exception>
    public static byte[] Read(in BsonElements element)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(element.Value.Length, 16));
        using (var json = new Utf8JsonWriter(output, Options))
            WriteValue(json, element);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteValue(Utf8JsonWriter json, in BsonElements element)
    {
        switch (element.Type)
        {
            case BsonType.Document:
                WriteDocument(json, element.Value);
                break;
            case BsonType.Array:
                json.WriteStartArray();
                var items = new BsonElements(element.Value);
                while (items.Next())
                    WriteValue(json, items);
                json.WriteEndArray();
                break;
            case BsonType.String:
                json.WriteStringValue(element.Value);
                break;
            case BsonType.Int32:
                json.WriteNumberValue(element.Int32);
                break;
            case BsonType.Int64:
                json.WriteNumberValue(element.Int64);
                break;
            case BsonType.Double:
                WriteDouble(json, element.Double);
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(element.Boolean);
                break;
            case BsonType.Null:
                json.WriteNullValue();
                break;
            default:
                throw new InvalidDataException($"No JSON document becomes a value of type {element.Type}.");
        }
    }

    private static void WriteDocument(Utf8JsonWriter json, ReadOnlySpan<byte> document)
    {
        var fields = new BsonElements(document);
        if (!fields.Next())
        {
            json.WriteStartObject();
            json.WriteEndObject();
            return;
        }

        if (fields.Type == BsonType.String && fields.Name.SequenceEqual(BsonFromJson.NumberMark))
        {
            json.WriteRawValue(fields.Value, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        do
        {
            WriteName(json, fields.Name);
            WriteValue(json, fields);
        }
        while (fields.Next());
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, ReadOnlySpan<byte> field)
    {
        if (BsonNames.IsPlain(field))
        {
            json.WritePropertyName(field);
            return;
        }

        var name = field.Length <= ShortName ? stackalloc byte[ShortName] : new byte[field.Length];
        json.WritePropertyName(name[..BsonNames.Unescape(field, name)]);
    }

    private static void WriteDouble(Utf8JsonWriter json, double number)
    {
        Span<byte> digits = stackalloc byte[DoubleCharactersMax];
        if (!double.IsFinite(number)
            || !number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture))
        {
            throw new InvalidDataException("JSON has no such number.");
        }

        json.WriteRawValue(digits[..length], skipInputValidation: true);
    }
}
