using System.Text;
using System.Text.Json;
using CsCheck;
using IndiiMusic.Infrastructure.MongoDb;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>What goes in as JSON comes out as the same JSON, and stands between as what a person expects.</summary>
public sealed class BsonFromJsonTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.OneOf(
            "", "$", "$type", "$numberLong", "$oid", "__", "__x", "_x", "a.b", ".", "%", "%2E", "%24a", "%number", "a%",
            "\0", "a\0b", "Ænima — 日本語", "\"\\/\b\f\n\r\t", "😀", "\u2028"));

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Int.Select(number => JsonSerializer.Serialize(number)),
        Gen.Long.Select(number => JsonSerializer.Serialize(number)),
        Gen.ULong.Select(number => JsonSerializer.Serialize(number)),
        Gen.Double.Where(double.IsFinite).Select(number => JsonSerializer.Serialize(number)),
        Gen.Decimal.Select(number => JsonSerializer.Serialize(number)),
        Gen.OneOf(
            "0", "-0", "-0.0", "0.0", "1.0", "1.10", "1e5", "1E+5", "1e400", "-1E-400", "9223372036854775807",
            "-9223372036854775808", "9223372036854775808", "2147483648", "0.1", "1E+20", "5E-324",
            "123456789012345678901234567890.123456789"));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) =>
    {
        var leaf = Gen.OneOf<string>(
            Number, Text.Select(text => JsonSerializer.Serialize(text)), Gen.OneOf("true", "false", "null"));
        return depth > 4
            ? leaf
            : Gen.Frequency(
                (2, leaf),
                (1, inner.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
                (1, Gen.Select(Text, inner).Array[0, 4].Select(fields =>
                    $"{{{string.Join(',', fields.DistinctBy(field => field.Item1).Select(field =>
                        $"{JsonSerializer.Serialize(field.Item1)} : {field.Item2}"))}}}")));
    });

    [Fact]
    public void Any_document_comes_back_with_its_names_in_order_and_the_digits_of_its_numbers() => Json.Sample(
        json => Assert.Equal(Canonical(json), Canonical(ThereAndBack(json))), iter: 20_000);

    [Fact]
    public void The_driver_reads_what_is_written() => Json.Sample(
        json =>
        {
            var document = Bson(json);
            Assert.Equal(document, BsonSerializerOwn(document));
        },
        iter: 2_000);

    [Fact]
    public void A_document_is_one_that_a_person_can_read_and_query()
    {
        const string json = """
            {"type":"playlist-batch/1","commands":[{"by":"0197","at":"2026-01-02T03:04:05Z","version":12,
            "bytes":5000000000,"gain":-0.5,"exact":1.10,"open":true,"client":null,"$ref":1,"a.b":[{}]}]}
            """;

        Assert.Equal(
            BsonDocument.Parse(
                """
                {"x":{"type":"playlist-batch/1","commands":[{"by":"0197","at":"2026-01-02T03:04:05Z","version":12,
                "bytes":NumberLong(5000000000),"gain":-0.5,"exact":{"%number":"1.10"},"open":true,"client":null,
                "__ref":1,"a%2Eb":[{}]}]}}
                """),
            Bson(json));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("xxx")]
    [InlineData("[1,]")]
    [InlineData("\"\\ud800\"")]
    public void What_is_no_document_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => Bson(json));

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.ThrowsAny<JsonException>(() => Bson([(byte)'"', 0xC3, 0x28, (byte)'"']));

    [Fact]
    public void What_a_hand_wrote_that_json_cannot_say_is_refused_by_its_type()
    {
        var bytes = new BsonDocument("x", new BsonBinaryData([1, 2, 3])).ToBson();

        var failure = Assert.Throws<InvalidDataException>(() =>
        {
            var elements = new BsonElements(bytes);
            elements.Next();
        });

        Assert.Contains("Binary", failure.Message, StringComparison.Ordinal);
    }

    private static BsonDocument Bson(string json) => Bson(Encoding.UTF8.GetBytes(json));

    private static BsonDocument Bson(byte[] json) =>
        MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(Bytes(json));

    private static BsonDocument BsonSerializerOwn(BsonDocument document) =>
        MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(document.ToBson());

    private static byte[] Bytes(byte[] json)
    {
        using var bson = new BsonBuffer();
        var start = bson.Begin();
        BsonFromJson.Field(bson, "x"u8, json);
        bson.End(start);
        return bson.Written.ToArray();
    }

    private static string ThereAndBack(string json)
    {
        var elements = new BsonElements(Bytes(Encoding.UTF8.GetBytes(json)));
        elements.Next();
        return Encoding.UTF8.GetString(JsonFromBson.Read(elements));
    }

    /// <summary>One text for all ways to write the same; numbers keep their digits.</summary>
    private static string Canonical(string json)
    {
        var text = new StringBuilder();
        using var document = JsonDocument.Parse(json);
        Write(document.RootElement);
        return text.ToString();

        void Write(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    text.Append('{');
                    foreach (var field in element.EnumerateObject())
                    {
                        text.Append(JsonSerializer.Serialize(field.Name)).Append(':');
                        Write(field.Value);
                    }

                    text.Append('}');
                    break;
                case JsonValueKind.Array:
                    text.Append('[');
                    foreach (var item in element.EnumerateArray())
                    {
                        Write(item);
                        text.Append(',');
                    }

                    text.Append(']');
                    break;
                case JsonValueKind.String:
                    text.Append(JsonSerializer.Serialize(element.GetString()));
                    break;
                default:
                    text.Append(element.GetRawText());
                    break;
            }
        }
    }
}
