using System.Text.Json;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Writes JSPF.</summary>
internal sealed class JspfWriter(Stream output) : PlaylistFileWriter
{
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { Indented = true });

    public override Task BeginAsync(string title)
    {
        _json.WriteStartObject();
        _json.WriteStartObject("playlist");
        _json.WriteString("title", title);
        _json.WriteStartArray("track");
        return Task.CompletedTask;
    }

    public override Task WriteAsync(WrittenEntry entry)
    {
        _json.WriteStartObject();
        _json.WriteStartArray("location");
        _json.WriteStringValue(entry.Location);
        _json.WriteEndArray();
        Member("title", entry.Title);
        Member("creator", entry.Artist);
        Member("album", entry.Album);
        if (entry.DurationMs > 0)
            _json.WriteNumber("duration", entry.DurationMs);
        _json.WriteEndObject();
        return Task.CompletedTask;
    }

    public override Task EndAsync()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
        return _json.FlushAsync();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _json.FlushAsync(cancellationToken);

    public override ValueTask DisposeAsync() => _json.DisposeAsync();

    private void Member(string name, string? value)
    {
        if (value is not null)
            _json.WriteString(name, value);
    }
}
