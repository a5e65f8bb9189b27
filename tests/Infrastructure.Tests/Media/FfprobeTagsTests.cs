using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Infrastructure.Media;

namespace IndiiMusic.Infrastructure.Tests.Media;

public sealed class FfprobeTagsTests
{
    private const string Recording = "e1a1a1a1-0000-4000-8000-000000000001";
    private const string Track = "e1a1a1a1-0000-4000-8000-000000000002";
    private const string Release = "e1a1a1a1-0000-4000-8000-000000000003";
    private const string Ana = "e1a1a1a1-0000-4000-8000-000000000004";
    private const string Bea = "e1a1a1a1-0000-4000-8000-000000000005";

    [Theory]
    [InlineData("MusicBrainz Track Id", "MusicBrainz Release Track Id", "MusicBrainz Album Id", "MusicBrainz Artist Id")]
    [InlineData("MUSICBRAINZ_TRACKID", "MUSICBRAINZ_RELEASETRACKID", "MUSICBRAINZ_ALBUMID", "MUSICBRAINZ_ARTISTID")]
    public void MusicBrainz_ids_are_found_in_each_spelling(string recording, string track, string release, string artist)
    {
        var ids = Read((recording, Recording), (track, Track), (release, Release), (artist, $"{Ana}; {Bea}")).MusicBrainz!;

        Assert.Equal(Guid.Parse(Recording), ids.RecordingId);
        Assert.Equal(Guid.Parse(Track), ids.TrackId);
        Assert.Equal(Guid.Parse(Release), ids.ReleaseId);
        Assert.Equal([Guid.Parse(Ana), Guid.Parse(Bea)], ids.ArtistIds.ToArray());
    }

    [Theory]
    [InlineData("Ana;Bea; Ana", "Ana|Bea")]
    [InlineData("Ana / Bea", "Ana|Bea")]
    [InlineData("AC/DC", "AC/DC")]
    [InlineData(" ; ", "")]
    public void Artists_are_taken_apart(string value, string artists) =>
        Assert.Equal(artists, string.Join('|', Read(("ARTIST", value)).Artists));

    [Theory]
    [InlineData("3/12", 3)]
    [InlineData("03", 3)]
    [InlineData("A3", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("99999999999", null)]
    public void Track_numbers(string value, int? number) => Assert.Equal(number, Read(("track", value)).TrackNumber);

    [Theory]
    [InlineData("2001-05-01", 2001)]
    [InlineData("2001", 2001)]
    [InlineData("01/05/2001", 2001)]
    [InlineData("0000", null)]
    [InlineData("May", null)]
    public void Years(string value, int? year) => Assert.Equal(year, Read(("DATE", value)).Year);

    [Theory]
    [InlineData("(17)Rock", "Rock")]
    [InlineData("Rock;Pop", "Rock|Pop")]
    [InlineData("Hip-Hop/Rap", "Hip-Hop/Rap")]
    public void Genres(string value, string genres) =>
        Assert.Equal(genres, string.Join('|', Read(("genre", value)).Genres));

    [Fact]
    public void ReplayGain_is_read_in_both_forms()
    {
        Assert.Equal(
            new ReplayGain(-7.25, 0.988, null, null),
            Read(("REPLAYGAIN_TRACK_GAIN", "-7.25 dB"), ("replaygain_track_peak", "0.988")).ReplayGain);
        Assert.Equal(new ReplayGain(3, null, 5, null), Read(("R128_TRACK_GAIN", "-512"), ("R128_ALBUM_GAIN", "0")).ReplayGain);
        Assert.Null(Read(("REPLAYGAIN_TRACK_GAIN", "loud")).ReplayGain);
    }

    [Fact]
    public void Without_a_title_the_file_lends_its_name() => Assert.Equal("01 song", Read(("title", " \u0000")).Title);

    [Fact]
    public void Long_and_unprintable_texts_are_cut_and_cleaned()
    {
        Assert.Equal(TrackLimits.TextCharactersMax, Read(("title", new string('x', 10_000))).Title.Length);
        Assert.Equal("a b", Read(("title", "a\u001bb")).Title);
    }

    private static TrackTags Read(params (string Name, string Value)[] tags) =>
        FfprobeTags.Read(tags.ToDictionary(tag => FfprobeTags.Key(tag.Name), tag => tag.Value), "01 song");
}
