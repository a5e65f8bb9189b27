using System.Collections.Immutable;
using System.Xml;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Reads XSPF. Document types and everything outside the file are refused: a playlist needs neither.</summary>
internal static class XspfFormat
{
    public static PlaylistFile Read(byte[] bytes)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = PlaylistFileLimits.BytesMax,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes, writable: false), settings);
            reader.MoveToContent();
            if (reader.LocalName != "playlist")
                throw IndiiException.Invalid("The file is not XSPF: its root is no playlist.");
            return ReadPlaylist(reader);
        }
        catch (XmlException failure)
        {
            throw IndiiException.Invalid($"The file is not XSPF: line {failure.LineNumber} is no well-formed XML.");
        }
    }

    private static PlaylistFile ReadPlaylist(XmlReader reader)
    {
        string? title = null;
        var entries = ImmutableArray.CreateBuilder<PlaylistFileEntry>();
        using var playlist = reader.ReadSubtree();
        playlist.Read();
        playlist.Read();
        while (!playlist.EOF)
        {
            if (playlist.NodeType != XmlNodeType.Element)
            {
                playlist.Read();
            }
            else if (playlist is { Depth: 1, LocalName: "title" })
            {
                title = Text(playlist);
            }
            else if (playlist is { Depth: 1, LocalName: "trackList" })
            {
                playlist.Read();
            }
            else if (playlist is { Depth: 2, LocalName: "track" })
            {
                using (var track = playlist.ReadSubtree())
                    entries.Add(ReadTrack(track, entries.Count + 1));
                playlist.Read();
            }
            else
            {
                playlist.Skip();
            }
        }

        return new PlaylistFile(title, entries.ToImmutable());
    }

    private static PlaylistFileEntry ReadTrack(XmlReader track, int number)
    {
        string? location = null;
        string? title = null;
        string? artist = null;
        Guid? recordingId = null;
        track.Read();
        track.Read();
        while (!track.EOF)
        {
            if (track.NodeType != XmlNodeType.Element)
            {
                track.Read();
                continue;
            }

            switch (track.LocalName)
            {
                case "location":
                    location ??= Text(track);
                    break;
                case "title":
                    title = Text(track);
                    break;
                case "creator":
                    artist = Text(track);
                    break;
                case "identifier":
                    recordingId ??= EntryLocation.RecordingIdOf(Text(track));
                    break;
                default:
                    track.Skip();
                    break;
            }
        }

        return new PlaylistFileEntry(number, location, artist, title, recordingId);
    }

    private static string? Text(XmlReader reader)
    {
        var text = reader.ReadElementContentAsString().Trim();
        return text.Length == 0 ? null : text;
    }
}
