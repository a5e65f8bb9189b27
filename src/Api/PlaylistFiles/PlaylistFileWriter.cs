using System.Text;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>An entry to write.</summary>
/// <param name="Location">An absolute URL, or a path.</param>
/// <param name="Title">The title; null when the reader may not know it.</param>
/// <param name="Artist">All artists in one text; null when there are none or the reader may not know them.</param>
/// <param name="Album">The album, if any.</param>
/// <param name="DurationMs">How long it plays, in milliseconds; 0 for unknown.</param>
public sealed record WrittenEntry(string Location, string? Title, string? Artist, string? Album, long DurationMs);

/// <summary>
/// Writes a playlist file piece by piece, so that no list is ever whole in memory: begin, entries in order, end.
/// </summary>
internal abstract class PlaylistFileWriter : IAsyncDisposable
{
    /// <summary>The writer of a format, to a stream that stays open.</summary>
    public static PlaylistFileWriter Of(PlaylistFileFormat format, Stream output) => format switch
    {
        PlaylistFileFormat.M3u8 => new M3u8Writer(output),
        PlaylistFileFormat.Xspf => new XspfWriter(output),
        PlaylistFileFormat.Jspf => new JspfWriter(output),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This format is only read."),
    };

    /// <summary>The media type of a format that is written.</summary>
    public static string MediaTypeOf(PlaylistFileFormat format) => format switch
    {
        PlaylistFileFormat.Xspf => "application/xspf+xml",
        PlaylistFileFormat.Jspf => "application/jspf+json",
        _ => "audio/x-mpegurl",
    };

    public abstract Task BeginAsync(string title);

    public abstract Task WriteAsync(WrittenEntry entry);

    public abstract Task EndAsync();

    /// <summary>Sends what was written so far.</summary>
    public abstract Task FlushAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>A text without what would break a line, or is not allowed in XML.</summary>
    protected static string OneLine(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isText = !Rune.IsControl(rune) && rune.Value is not (0xFFFE or 0xFFFF or 0x2028 or 0x2029);
            clean.Append(isText ? rune.ToString() : " ");
        }

        return clean.ToString().Trim();
    }
}
