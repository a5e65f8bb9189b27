using System.Collections.Immutable;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Reads JSPF: XSPF's elements as members, where a list of one may be written without its brackets.</summary>
internal static class JspfFormat
{
    public static PlaylistFile Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("playlist", out var playlist)
                || playlist.ValueKind != JsonValueKind.Object)
            {
                throw IndiiException.Invalid("The file is not JSPF: it has no member 'playlist'.");
            }

            var tracks = playlist.TryGetProperty("track", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Where(track => track.ValueKind == JsonValueKind.Object)
                : [];
            return new PlaylistFile(
                Texts(playlist, "title").FirstOrDefault(),
                [.. tracks.Select((track, index) => Entry(track, index + 1))]);
        }
        catch (JsonException failure)
        {
            throw IndiiException.Invalid($"The file is not JSPF: line {failure.LineNumber + 1} is no valid JSON.");
        }
    }

    private static PlaylistFileEntry Entry(JsonElement track, int number) => new(
        number,
        Texts(track, "location").FirstOrDefault(),
        Texts(track, "creator").FirstOrDefault(),
        Texts(track, "title").FirstOrDefault(),
        Texts(track, "identifier").Select(EntryLocation.RecordingIdOf).FirstOrDefault(id => id is not null));

    private static ImmutableArray<string> Texts(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
            return [];
        var values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        return
        [
            .. values.Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString()!.Trim())
                .Where(item => item.Length > 0),
        ];
    }
}
