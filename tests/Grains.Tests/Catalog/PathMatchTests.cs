using IndiiMusic.Grains.Catalog;

namespace IndiiMusic.Grains.Tests.Catalog;

public sealed class PathMatchTests
{
    private static readonly Guid One = Guid.CreateVersion7();
    private static readonly Guid Two = Guid.CreateVersion7();

    [Fact]
    public void The_longest_common_ending_wins() => Assert.Equal(Two, PathMatch.Best(
        @"D:\old\Ana\First\01.mp3",
        [new(One, "/m/Bea/First/01.mp3"), new(Two, "/m/ana/First/01.mp3")]));

    [Fact]
    public void Two_that_fit_equally_well_match_neither() => Assert.Null(PathMatch.Best(
        "x/First/01.mp3",
        [new(One, "/m/Bea/First/01.mp3"), new(Two, "/m/Ana/First/01.mp3")]));

    [Fact]
    public void One_track_known_from_two_places_is_still_one() => Assert.Equal(One, PathMatch.Best(
        "x/First/01.mp3",
        [new(One, "/m/Bea/First/01.mp3"), new(One, "/m/Ana/First/01.mp3")]));

    [Fact]
    public void Nothing_matches_nothing() => Assert.Null(PathMatch.Best("01.mp3", []));
}
