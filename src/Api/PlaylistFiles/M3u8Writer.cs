using System.Text;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Writes extended M3U in UTF-8.</summary>
internal sealed class M3u8Writer(Stream output) : PlaylistFileWriter
{
    private readonly StreamWriter _text = new(output, new UTF8Encoding(false), bufferSize: 16 * 1024, leaveOpen: true)
    {
        NewLine = "\n",
    };

    public override async Task BeginAsync(string title)
    {
        await _text.WriteLineAsync("#EXTM3U");
        await _text.WriteLineAsync($"#PLAYLIST:{OneLine(title)}");
    }

    public override async Task WriteAsync(WrittenEntry entry)
    {
        if (entry.Title is not null)
        {
            var seconds = entry.DurationMs > 0 ? (entry.DurationMs + 500) / 1000 : -1;
            var name = entry.Artist is null ? entry.Title : $"{entry.Artist} - {entry.Title}";
            await _text.WriteLineAsync($"#EXTINF:{seconds},{OneLine(name)}");
        }

        await _text.WriteLineAsync(OneLine(entry.Location));
    }

    public override Task EndAsync() => _text.FlushAsync();

    public override Task FlushAsync(CancellationToken cancellationToken) => _text.FlushAsync(cancellationToken);

    public override ValueTask DisposeAsync() => _text.DisposeAsync();
}
