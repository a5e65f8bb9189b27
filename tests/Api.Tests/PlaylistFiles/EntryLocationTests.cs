using IndiiMusic.Api.PlaylistFiles;

namespace IndiiMusic.Api.Tests.PlaylistFiles;

public sealed class EntryLocationTests
{
    private const string Track = "0197d6b2-6f3a-7c10-9d55-2f6a1c3b4d5e";

    [Theory]
    [InlineData("one.mp3", false, "/music/lists/one.mp3")]
    [InlineData("../a/one.mp3", false, "/music/a/one.mp3")]
    [InlineData("/else/one.mp3", false, "/else/one.mp3")]
    [InlineData(@"a\one.mp3", false, "/music/lists/a/one.mp3")]
    [InlineData(@"AC/back\slash.mp3", false, @"/music/lists/AC/back\slash.mp3")]
    [InlineData(@"C:\Music\one.mp3", false, "C:/Music/one.mp3")]
    [InlineData(@"\\server\share\one.mp3", false, "//server/share/one.mp3")]
    [InlineData("100%25.mp3", false, "/music/lists/100%25.mp3")]
    [InlineData("a%20b.mp3", true, "/music/lists/a b.mp3")]
    [InlineData("file:///m/a%20b.mp3", false, "/m/a b.mp3")]
    [InlineData("file://localhost/m/a.mp3", true, "/m/a.mp3")]
    [InlineData("file:/m/a.mp3", true, "/m/a.mp3")]
    [InlineData("FILE:///C:/Music/a.mp3", true, "C:/Music/a.mp3")]
    [InlineData("http://example.org/a.mp3", false, null)]
    [InlineData("", false, null)]
    public void A_location_means_a_path(string location, bool isUri, string? path) =>
        Assert.Equal(path, Wanted(location, isUri, "/music/lists").Path);

    [Theory]
    [InlineData("http://127.0.0.1:5080/api/v1/tracks/" + Track + "/audio")]
    [InlineData("https://music.example.org/api/v1/tracks/" + Track + "/audio?x=1")]
    [InlineData("/api/v1/tracks/" + Track)]
    public void What_this_server_wrote_names_the_track(string location)
    {
        var wanted = Wanted(location, isUri: false, folder: null);

        Assert.Equal(Guid.Parse(Track), wanted.TrackId);
        Assert.Null(wanted.Path);
    }

    [Fact]
    public void A_file_sent_from_elsewhere_keeps_its_relative_paths() =>
        Assert.Equal("Ana/one.mp3", Wanted(@"Ana\one.mp3", isUri: false, folder: null).Path);

    private static Grains.Interfaces.Catalog.WantedTrack Wanted(string location, bool isUri, string? folder) =>
        EntryLocation.Wanted(new PlaylistFileEntry(1, location, null, null, null), isUri, folder);
}
