using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;
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
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName == "playlist"
                ? ReadPlaylist(reader)
                : throw IndiiException.Invalid("The file is not XSPF: its root is no playlist.");
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
        reader.Read();
        while (!reader.EOF)
        {
            // Everything but Read leaves the reader at the next node by itself.
            switch (reader)
            {
                case { NodeType: not XmlNodeType.Element } or { Depth: 1, LocalName: "trackList" }:
                    reader.Read();
                    break;
                case { Depth: 1, LocalName: "title" }:
                    title = Text((XElement)XNode.ReadFrom(reader));
                    break;
                case { Depth: 2, LocalName: "track" }:
                    entries.Add(Entry((XElement)XNode.ReadFrom(reader), entries.Count + 1));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new PlaylistFile(title, entries.ToImmutable());
    }

    private static PlaylistFileEntry Entry(XElement track, int number) => new(
        number,
        Texts(track, "location").FirstOrDefault(),
        Texts(track, "creator").FirstOrDefault(),
        Texts(track, "title").FirstOrDefault(),
        Texts(track, "identifier").Select(EntryLocation.RecordingIdOf).FirstOrDefault(id => id is not null));

    private static IEnumerable<string> Texts(XElement track, string name) => track.Elements()
        .Where(element => element.Name.LocalName == name)
        .Select(Text)
        .OfType<string>();

    private static string? Text(XElement element) =>
        element.Value.Trim() is { Length: > 0 } text ? text : null;
}
