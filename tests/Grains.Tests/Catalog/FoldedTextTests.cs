using IndiiMusic.Grains.Catalog;

namespace IndiiMusic.Grains.Tests.Catalog;

public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("Björk", "bjork")]
    [InlineData("BJO\u0308RK", "bjork")]
    [InlineData("  Sigur   Rós!! ", "sigur ros")]
    [InlineData("Don’t Stop", "dont stop")]
    [InlineData("Simon & Garfunkel", "simon and garfunkel")]
    [InlineData("Straße", "strasse")]
    [InlineData("AC/DC", "ac dc")]
    [InlineData("東京", "東京")]
    [InlineData("...", "")]
    public void Texts_are_folded(string text, string folded) => Assert.Equal(folded, FoldedText.Of(text));

    [Theory]
    [InlineData("The Beatles", "Help!", "beatles|help")]
    [InlineData("Ana feat. Bea", "Song (feat. Cai)", "ana|song")]
    [InlineData("Ana ft. Bea", "Defeat", "ana|defeat")]
    [InlineData("Feature", "Crafted", "feature|crafted")]
    [InlineData("???", "Song", "")]
    public void Artist_and_title_make_one_key(string artist, string title, string key) =>
        Assert.Equal(key, FoldedText.ArtistTitle(artist, title));

    [Theory]
    [InlineData("/music/Ana/01 Söng.mp3", 1, "01 song mp3")]
    [InlineData(@"C:\music\Ana\01.mp3", 2, "ana/01 mp3")]
    [InlineData("./01.mp3", 2, "")]
    public void The_end_of_a_path_is_folded(string path, int parts, string ending) =>
        Assert.Equal(ending, FoldedText.PathEnding(path, parts));
}
