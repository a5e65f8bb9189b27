using System.Net;
using System.Text.Json;
using IndiiMusic.Infrastructure.Telemetry;

namespace IndiiMusic.Cluster.Tests.Telemetry;

/// <summary>What a program wrote, read as Elasticsearch would.</summary>
internal static class LogLines
{
    /// <summary>The entries among what was written; each must be a whole line of JSON.</summary>
    public static IReadOnlyList<JsonElement> Read(string output) =>
        [.. output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonElement.Parse(line))];

    /// <summary>No field has another name or type than the list of fields gives it.</summary>
    public static void AssertFitTheFields(IEnumerable<JsonElement> entries)
    {
        foreach (var field in entries.SelectMany(entry => entry.EnumerateObject()))
        {
            if (field.Name.StartsWith(EcsFields.Labels, StringComparison.Ordinal))
                Assert.Equal(JsonValueKind.String, field.Value.ValueKind);
            else
                AssertFits(field, EcsFields.All[field.Name]);
        }
    }

    /// <summary>None of these values is anywhere.</summary>
    public static void AssertHoldNoneOf(IEnumerable<string> secrets, string output)
    {
        foreach (var secret in secrets)
        {
            var at = output.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
            Assert.True(at < 0, $"'{secret}' stands in: {(at < 0 ? "" : Around(output, at))}");
        }
    }

    public static string? TextOf(JsonElement entry, string field) =>
        entry.TryGetProperty(field, out var value) ? value.GetString() : null;

    private static string Around(string output, int at) =>
        output[Math.Max(0, at - 600)..Math.Min(output.Length, at + 600)];

    private static void AssertFits(JsonProperty field, EcsType type)
    {
        var expected = EcsFields.Lists.Contains(field.Name) ? JsonValueKind.Array
            : type == EcsType.Long ? JsonValueKind.Number
            : JsonValueKind.String;
        Assert.True(expected == field.Value.ValueKind, $"{field.Name} is {field.Value}");
        if (type == EcsType.Date)
            Assert.EndsWith("Z", field.Value.GetDateTimeOffset() == default ? "" : field.Value.GetString());
        if (type == EcsType.Ip)
            Assert.True(IPAddress.TryParse(field.Value.GetString(), out _), $"{field.Name} is {field.Value}");
    }
}
