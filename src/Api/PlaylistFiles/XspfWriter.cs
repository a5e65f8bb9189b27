using System.Globalization;
using System.Text;
using System.Xml;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Writes XSPF, version 1.</summary>
internal sealed class XspfWriter(Stream output) : PlaylistFileWriter
{
    private const string Namespace = "http://xspf.org/ns/0/";

    private readonly XmlWriter _xml = XmlWriter.Create(
        output,
        new XmlWriterSettings { Async = true, Indent = true, Encoding = new UTF8Encoding(false), CloseOutput = false });

    public override async Task BeginAsync(string title)
    {
        await _xml.WriteStartDocumentAsync();
        await _xml.WriteStartElementAsync(null, "playlist", Namespace);
        await _xml.WriteAttributeStringAsync(null, "version", null, "1");
        await ElementAsync("title", title);
        await _xml.WriteStartElementAsync(null, "trackList", Namespace);
    }

    public override async Task WriteAsync(WrittenEntry entry)
    {
        await _xml.WriteStartElementAsync(null, "track", Namespace);
        await ElementAsync("location", entry.Location);
        await ElementAsync("title", entry.Title);
        await ElementAsync("creator", entry.Artist);
        await ElementAsync("album", entry.Album);
        if (entry.DurationMs > 0)
            await ElementAsync("duration", entry.DurationMs.ToString(CultureInfo.InvariantCulture));
        await _xml.WriteEndElementAsync();
    }

    public override async Task EndAsync()
    {
        await _xml.WriteEndElementAsync();
        await _xml.WriteEndElementAsync();
        await _xml.WriteEndDocumentAsync();
        await _xml.FlushAsync();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _xml.FlushAsync();

    public override ValueTask DisposeAsync() => _xml.DisposeAsync();

    private Task ElementAsync(string name, string? value) =>
        value is null ? Task.CompletedTask : _xml.WriteElementStringAsync(null, name, Namespace, OneLine(value));
}
