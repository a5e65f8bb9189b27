using System.Collections.Immutable;
using System.Globalization;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Reads PLS: <c>File1=…</c>, <c>Title1=…</c>, in the order of the numbers.</summary>
internal static class PlsFormat
{
    public static PlaylistFile Read(string text)
    {
        var locations = new SortedDictionary<int, string>();
        var titles = new Dictionary<int, string>();
        foreach (var line in PlaylistFileReader.Lines(text))
        {
            var equals = line.IndexOf('=');
            if (equals < 0)
                continue;
            var key = line.AsSpan(0, equals).Trim();
            var value = line[(equals + 1)..].Trim();
            if (value.Length == 0)
                continue;
            if (NumberOf(key, "File") is { } file)
                locations[file] = value;
            else if (NumberOf(key, "Title") is { } title)
                titles[title] = value;
        }

        return new PlaylistFile(Title: null, [.. locations.Select(location => Entry(location.Key, location.Value))]);

        PlaylistFileEntry Entry(int number, string location)
        {
            var (artist, title) = titles.TryGetValue(number, out var named) ? M3uFormat.Split(named) : default;
            return new PlaylistFileEntry(number, location, artist, title, RecordingId: null);
        }
    }

    private static int? NumberOf(ReadOnlySpan<char> key, string name) =>
        key.StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(key[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
