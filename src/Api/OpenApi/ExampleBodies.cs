using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IndiiMusic.Api.Playlists;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.OpenApi;

/// <summary>
/// Makes example bodies by walking a type as the serializer sees it, so that they cannot be wrong about names and
/// kinds; what a member is called says what a likely value is.
/// </summary>
internal sealed class ExampleBodies(IOptions<JsonOptions> json)
{
    private const int DepthMax = 16;
    private const string Id = "0197a3c4-5d2e-7f10-8a6b-3c9d1e4f2a70";
    private const string Time = "2026-11-23T10:15:00Z";

    private static readonly Dictionary<string, object> Likely = new(StringComparer.Ordinal)
    {
        ["username"] = "ana",
        ["login"] = "ana",
        ["email"] = "ana@example.org",
        ["password"] = "correct horse battery staple",
        ["roles"] = "listener",
        ["displayName"] = "Ana B.",
        ["accessToken"] = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImExIn0.eyJzdWIiOiIwMTk3In0.c2ln",
        ["tokenType"] = "Bearer",
        ["expiresIn"] = 600,
        ["refreshToken"] = "AZejxF0uegqGuzzGxPKnAQ.c2VjcmV0",
        ["device"] = "Indii for Android 1.4",
        ["address"] = "203.0.113.7",
        ["scope"] = "playlists:read playlists:write tracks:read",
        ["name"] = "Road trip",
        ["description"] = "For the long way home.",
        ["operationId"] = "0197a3c4-6b1f-7c3d-9e2a-5f4b8d7c6e11",
        ["kind"] = "append",
        ["outcome"] = "applied",
        ["capabilities"] = "addEntries",
        ["title"] = "Harbour Lights",
        ["artists"] = "The Tideline",
        ["artist"] = "The Tideline",
        ["albumArtist"] = "The Tideline",
        ["album"] = "Low Water",
        ["genres"] = "folk",
        ["genre"] = "folk",
        ["year"] = 2019,
        ["trackNumber"] = 3,
        ["discNumber"] = 1,
        ["durationMs"] = 214_560,
        ["codec"] = "flac",
        ["mediaType"] = "audio/flac",
        ["bitRate"] = 912_000,
        ["sampleRateHz"] = 44_100,
        ["channels"] = 2,
        ["sizeBytes"] = 24_471_552,
        ["sha256"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ["location"] = "The Tideline/Low Water/03 Harbour Lights.flac",
        ["nextCursor"] = "120",
        ["token"] = "k3J9xQ2mTz",
        ["trackGainDb"] = -6.4,
        ["albumGainDb"] = -7.1,
        ["trackPeak"] = 0.98,
        ["albumPeak"] = 0.99,
        ["entryCount"] = 121,
        ["trackCount"] = 42,
        ["entryId"] = 17,
        ["entryIds"] = 17,
        ["version"] = 130,
        ["contentVersion"] = 127,
        ["detailsVersion"] = 3,
    };

    /// <summary>An example of a type's JSON.</summary>
    public JsonNode? Of(Type type) => Of(type, member: "", depth: 0);

    private JsonNode? Of(Type declared, string member, int depth)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (Leaf(type, member) is { } leaf)
            return leaf;

        var info = json.Value.SerializerOptions.GetTypeInfo(type);
        return info.Kind switch
        {
            _ when depth > DepthMax => null,
            JsonTypeInfoKind.Enumerable when info.ElementType is { } item => new JsonArray(Of(item, member, depth + 1)),
            JsonTypeInfoKind.Object when info.PolymorphismOptions is { DerivedTypes: [var first, ..] } kinds =>
                Members(info.Options.GetTypeInfo(first.DerivedType), depth, new JsonObject
                {
                    [kinds.TypeDiscriminatorPropertyName] = (string)first.TypeDiscriminator!,
                }),
            JsonTypeInfoKind.Object => Members(info, depth, []),
            _ => null,
        };
    }

    private JsonObject Members(JsonTypeInfo info, int depth, JsonObject into)
    {
        foreach (var property in info.Properties)
            into[property.Name] = Of(property.PropertyType, property.Name, depth + 1);

        return into;
    }

    private static JsonNode? Leaf(Type type, string member)
    {
        if (type == typeof(Guid))
            return Id;
        if (type == typeof(DateTimeOffset))
            return Time;
        if (type == typeof(bool))
            return true;
        if (type == typeof(EntryAnchor))
            return 16;
        if (type.IsEnum)
            return JsonNamingPolicy.CamelCase.ConvertName(Enum.GetNames(type)[0]);

        var likely = Likely.GetValueOrDefault(member);
        if (type == typeof(string))
            return likely as string ?? "text";
        if (type == typeof(int) || type == typeof(long))
            return likely is int number ? number : 1;
        return type == typeof(double) ? likely is double real ? real : 0.5 : null;
    }
}
