using System.Text;
using System.Text.Json.Nodes;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>
/// A Secret as helm sends those in which it remembers releases: Kubernetes's envelope of protocol buffers. The numbers
/// are those of the fields in Kubernetes's own definitions.
/// </summary>
internal static class SentSecret
{
    private const int Magic = 4;

    /// <summary>The same as JSON.</summary>
    public static JsonObject Read(byte[] sent)
    {
        var secret = Fields(Fields(sent.AsSpan(Magic)).Single(field => field.Number == 2).Value).ToList();
        var metadata = Fields(secret.Single(field => field.Number == 1).Value).ToList();
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["type"] = Encoding.UTF8.GetString(secret.Single(field => field.Number == 3).Value),
            ["metadata"] = new JsonObject
            {
                ["name"] = Encoding.UTF8.GetString(metadata.Single(field => field.Number == 1).Value),
                ["labels"] = Map(metadata, number: 11, Encoding.UTF8.GetString),
            },
            ["data"] = Map(secret, number: 2, Convert.ToBase64String),
        };
    }

    private static JsonObject Map(List<(int Number, byte[] Value)> fields, int number, Func<byte[], string> text) =>
        new(fields.Where(field => field.Number == number).Select(field => Fields(field.Value)).Select(entry =>
            new KeyValuePair<string, JsonNode?>(
                Encoding.UTF8.GetString(entry.Single(field => field.Number == 1).Value),
                text(entry.Single(field => field.Number == 2).Value))));

    /// <summary>The fields that have a length; others are none of what is looked for.</summary>
    private static List<(int Number, byte[] Value)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[])>();
        while (message.Length > 0)
        {
            var tag = Integer(ref message);
            var value = Integer(ref message);
            if ((tag & 7) == 0)
                continue;
            fields.Add((tag >> 3, message[..value].ToArray()));
            message = message[value..];
        }

        return fields;
    }

    private static int Integer(ref ReadOnlySpan<byte> message)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[0];
            message = message[1..];
            number |= (next & 127) << shift;
            if (next < 128)
                return number;
        }
    }
}
