using System.Collections.Immutable;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Reads M3U and M3U8, plain and extended.</summary>
internal static class M3uFormat
{
    private const string Info = "#EXTINF:";
    private const string Name = "#PLAYLIST:";
    private const string Artist = "#EXTART:";

    public static PlaylistFile Read(string text)
    {
        var entries = ImmutableArray.CreateBuilder<PlaylistFileEntry>();
        string? listTitle = null;
        string? artist = null;
        string? title = null;
        var number = 0;
        foreach (var rawLine in PlaylistFileReader.Lines(text))
        {
            number++;
            var line = rawLine.Trim();
            if (line.Length == 0)
                continue;
            if (Value(line, Info) is { } info)
            {
                (artist, title) = ReadInfo(info);
            }
            else if (Value(line, Artist) is { Length: > 0 } ownArtist)
            {
                artist = ownArtist;
            }
            else if (Value(line, Name) is { Length: > 0 } name)
            {
                listTitle = name;
            }
            else if (line[0] != '#')
            {
                entries.Add(new PlaylistFileEntry(number, line, artist, title, RecordingId: null));
                (artist, title) = (null, null);
            }
        }

        return new PlaylistFile(listTitle, entries.ToImmutable());
    }

    // "123,Artist - Title", with attributes between the seconds and the comma, whose quoted values may hold commas.
    private static (string? Artist, string? Title) ReadInfo(string info)
    {
        var isQuoted = false;
        var comma = -1;
        for (var i = 0; i < info.Length && comma < 0; i++)
        {
            if (info[i] == '"')
                isQuoted = !isQuoted;
            else if (info[i] == ',' && !isQuoted)
                comma = i;
        }

        return comma < 0 ? (null, null) : Split(info[(comma + 1)..]);
    }

    /// <summary>Artist and title out of <c>Artist - Title</c>; without the dash it is all title.</summary>
    internal static (string? Artist, string? Title) Split(string text)
    {
        var dash = text.IndexOf(" - ", StringComparison.Ordinal);
        var artist = dash < 0 ? "" : text[..dash].Trim();
        var title = (dash < 0 ? text : text[(dash + 3)..]).Trim();
        return (artist.Length == 0 ? null : artist, title.Length == 0 ? null : title);
    }

    private static string? Value(string line, string directive) =>
        line.StartsWith(directive, StringComparison.OrdinalIgnoreCase)
            ? line[directive.Length..].Trim()
            : null;
}
