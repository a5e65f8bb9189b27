using System.Text.Json;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists;

/// <summary>The place that entries stand after: the number of an entry, or <c>"start"</c>.</summary>
/// <param name="EntryId">The entry, or <see cref="PlaylistOperation.Start"/>.</param>
[JsonConverter(typeof(EntryAnchorConverter))]
public readonly record struct EntryAnchor(int EntryId)
{
    /// <summary>How the place before the first entry is written.</summary>
    public const string StartText = "start";
}

internal sealed class EntryAnchorConverter : JsonConverter<EntryAnchor>
{
    public override EntryAnchor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(EntryAnchor.StartText))
            return new EntryAnchor(PlaylistOperation.Start);
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var entryId) && entryId > 0)
            return new EntryAnchor(entryId);
        throw new JsonException("It may be an entry id or \"start\".");
    }

    public override void Write(Utf8JsonWriter writer, EntryAnchor value, JsonSerializerOptions options)
    {
        if (value.EntryId == PlaylistOperation.Start)
            writer.WriteStringValue(EntryAnchor.StartText);
        else
            writer.WriteNumberValue(value.EntryId);
    }
}
