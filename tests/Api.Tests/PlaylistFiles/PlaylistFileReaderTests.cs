using System.Text;
using IndiiMusic.Api.PlaylistFiles;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Tests.PlaylistFiles;

public sealed class PlaylistFileReaderTests
{
    private static readonly Guid Recording = new("e1a1a1a1-0000-4000-8000-000000000001");

    [Fact]
    public async Task Extended_M3U_gives_artist_title_and_location()
    {
        var file = await Read("a.m3u8", """
            #EXTM3U
            #PLAYLIST:Road trip
            #EXTINF:123,Ana - One - Two

            music/one.mp3
            #EXTINF:-1 tvg-name="a, b",Only title
            # a remark
            C:\Music\two.mp3
            three.mp3
            """);

        Assert.Equal("Road trip", file.Title);
        Assert.Equal(
            [
                new PlaylistFileEntry(5, "music/one.mp3", "Ana", "One - Two", null),
                new PlaylistFileEntry(8, @"C:\Music\two.mp3", null, "Only title", null),
                new PlaylistFileEntry(9, "three.mp3", null, null, null),
            ],
            file.Entries.ToArray());
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("iso-8859-1", false)]
    public async Task Any_usual_encoding_is_read(string name, bool withMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. withMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("#EXTM3U\r\nBjörk/Jóga.mp3\r\n")];

        var file = await PlaylistFileReader.ReadAsync(new MemoryStream(bytes), "a.m3u", default);

        Assert.Equal("Björk/Jóga.mp3", Assert.Single(file.Entries).Location);
    }

    [Fact]
    public async Task PLS_is_ordered_by_its_numbers()
    {
        var file = await Read("a.pls", """
            [playlist]
            File10=ten.mp3
            file2=two.mp3
            Title2=Ana - Two
            Length2=12
            NumberOfEntries=2
            Version=2
            """);

        Assert.Equal(
            [
                new PlaylistFileEntry(2, "two.mp3", "Ana", "Two", null),
                new PlaylistFileEntry(10, "ten.mp3", null, null, null),
            ],
            file.Entries.ToArray());
    }

    [Fact]
    public async Task XSPF_gives_identifiers_and_passes_over_what_it_does_not_know()
    {
        var file = await Read("a.xspf", $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <playlist version="1" xmlns="http://xspf.org/ns/0/">
              <title>List</title>
              <extension application="x"><track><title>no</title></track></extension>
              <trackList>
                <track>
                  <location>file:///music/a%20b.mp3</location><location>second</location>
                  <identifier>https://musicbrainz.org/recording/{Recording}</identifier>
                  <title>T &amp; U</title><creator>Ana</creator><meta rel="r">m</meta>
                </track>
                <track/>
              </trackList>
            </playlist>
            """);

        Assert.Equal("List", file.Title);
        Assert.Equal(
            [
                new PlaylistFileEntry(1, "file:///music/a%20b.mp3", "Ana", "T & U", Recording),
                new PlaylistFileEntry(2, null, null, null, null),
            ],
            file.Entries.ToArray());
    }

    [Fact]
    public async Task JSPF_takes_lists_and_single_values()
    {
        var file = await Read("a.jspf", $$$"""
            {"playlist": {"title": "List", "track": [
              {"location": ["a.mp3"], "title": "T", "creator": "Ana",
               "identifier": ["https://musicbrainz.org/recording/{{{Recording}}}"]},
              {"location": "b.mp3", "duration": 1}, 7]}}
            """);

        Assert.Equal("List", file.Title);
        Assert.Equal(
            [
                new PlaylistFileEntry(1, "a.mp3", "Ana", "T", Recording),
                new PlaylistFileEntry(2, "b.mp3", null, null, null),
            ],
            file.Entries.ToArray());
    }

    [Fact]
    public async Task A_document_type_is_refused_and_nothing_outside_is_read()
    {
        var failure = await Assert.ThrowsAsync<IndiiException>(() => Read("a.xspf", """
            <!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/passwd">]>
            <playlist><title>&e;</title></playlist>
            """));

        Assert.Equal(ErrorCode.InvalidRequest, failure.Code);
    }

    [Theory]
    [InlineData("a.xspf", "<html></html>", ErrorCode.InvalidRequest)]
    [InlineData("a.xspf", "no xml", ErrorCode.InvalidRequest)]
    [InlineData("a.jspf", "[1", ErrorCode.InvalidRequest)]
    [InlineData("a.jspf", "{}", ErrorCode.InvalidRequest)]
    [InlineData("a.txt", "what", ErrorCode.UnsupportedMedia)]
    public async Task What_is_no_playlist_is_refused(string name, string text, ErrorCode code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<IndiiException>(() => Read(name, text))).Code);

    [Theory]
    [InlineData("#EXTM3U\na.mp3")]
    [InlineData("[playlist]\nFile1=a.mp3")]
    [InlineData("<playlist><trackList><track><location>a.mp3</location></track></trackList></playlist>")]
    [InlineData("""{"playlist":{"track":[{"location":"a.mp3"}]}}""")]
    public async Task A_file_of_any_name_is_known_by_its_contents(string text) =>
        Assert.Equal("a.mp3", Assert.Single((await Read("upload", text)).Entries).Location);

    [Fact]
    public async Task Bounds_are_exact()
    {
        var most = new StringBuilder().Insert(0, "a\n", PlaylistFileLimits.EntriesMax).ToString();
        Assert.Equal(PlaylistFileLimits.EntriesMax, (await Read("a.m3u", most)).Entries.Length);

        var tooMany = await Assert.ThrowsAsync<IndiiException>(() => Read("a.m3u", most + "a\n"));
        Assert.Equal(ErrorCode.LimitExceeded, tooMany.Code);

        var large = new string('#', PlaylistFileLimits.BytesMax);
        Assert.Empty((await Read("a.m3u", large)).Entries);
        var tooLarge = await Assert.ThrowsAsync<IndiiException>(() => Read("a.m3u", large + "#"));
        Assert.Equal(ErrorCode.PayloadTooLarge, tooLarge.Code);
    }

    private static Task<PlaylistFile> Read(string name, string text) =>
        PlaylistFileReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), name, default);
}
