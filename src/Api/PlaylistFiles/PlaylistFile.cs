using System.Collections.Immutable;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>The kinds of playlist files.</summary>
public enum PlaylistFileFormat
{
    /// <summary>M3U and M3U8: a text with a location per line.</summary>
    M3u8,

    /// <summary>PLS: an INI file with numbered keys; read only.</summary>
    Pls,

    /// <summary>XSPF: XML of version 1.</summary>
    Xspf,

    /// <summary>JSPF: XSPF's structure as JSON.</summary>
    Jspf,
}

/// <summary>A playlist file that was read.</summary>
/// <param name="Title">What it calls itself, if anything.</param>
/// <param name="Entries">Its entries, in order.</param>
public sealed record PlaylistFile(string? Title, ImmutableArray<PlaylistFileEntry> Entries);

/// <summary>One entry of a playlist file.</summary>
/// <param name="Number">Its line in a text file, or its number in the list for the others; counted from 1.</param>
/// <param name="Location">Where the audio is, just as the file says it.</param>
/// <param name="Artist">The artist.</param>
/// <param name="Title">The title.</param>
/// <param name="RecordingId">MusicBrainz's recording.</param>
public sealed record PlaylistFileEntry(
    int Number, string? Location, string? Artist, string? Title, Guid? RecordingId);

/// <summary>Bounds of playlist files.</summary>
public static class PlaylistFileLimits
{
    /// <summary>Bytes of one file.</summary>
    public const int BytesMax = 10 * 1024 * 1024;

    /// <summary>Entries of one file.</summary>
    public const int EntriesMax = 100_000;
}
