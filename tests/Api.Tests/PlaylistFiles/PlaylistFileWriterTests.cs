using CsCheck;
using IndiiMusic.Api.PlaylistFiles;

namespace IndiiMusic.Api.Tests.PlaylistFiles;

public sealed class PlaylistFileWriterTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["aZ0 -,&<>\"'#;äß中\n\r\t\u0001\u2028"], 1, 12]
        .Where(text => text.Any(char.IsLetterOrDigit));

    private static readonly Gen<WrittenEntry> Entries = Gen.Select(
        Texts, Texts.Where(text => !text.Contains('-')), Texts, Gen.Long[0, 9_999_999],
        (title, artist, album, durationMs) =>
            new WrittenEntry("http://h/api/v1/x/" + Uri.EscapeDataString(title), title, artist, album, durationMs));

    [Theory]
    [InlineData(PlaylistFileFormat.M3u8, "a.m3u8")]
    [InlineData(PlaylistFileFormat.Xspf, "a.xspf")]
    [InlineData(PlaylistFileFormat.Jspf, "a.jspf")]
    public async Task What_is_written_can_be_read_again(PlaylistFileFormat format, string fileName) =>
        await Gen.Select(Texts, Entries.Array[0, 8]).SampleAsync(
            async (title, entries) =>
            {
                using var content = new MemoryStream();
                await using (var writer = PlaylistFileWriter.Of(format, content))
                {
                    await writer.BeginAsync(title);
                    foreach (var entry in entries)
                        await writer.WriteAsync(entry);
                    await writer.EndAsync();
                }

                content.Position = 0;
                var read = await PlaylistFileReader.ReadAsync(content, fileName, default);

                Assert.Equal(Plain(title), Plain(read.Title));
                Assert.Equal(
                    entries.Select(entry => (entry.Location, Plain(entry.Artist), Plain(entry.Title))),
                    read.Entries.Select(entry => (entry.Location!, Plain(entry.Artist), Plain(entry.Title))));
            },
            iter: 100);

    // Line breaks and control characters become spaces in formats that cannot hold them.
    private static string Plain(string? text) => string.Join(
        ' ',
        new string([.. (text ?? "").Select(c => char.IsControl(c) || c == '\u2028' ? ' ' : c)])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
