using CsCheck;
using IndiiMusic.Api.Playlists.Live;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Tests.Playlists.Live;

public sealed class ChangeRingTests
{
    private const int CountMax = 8;
    private const int BytesMax = 100;
    private const int MessageBytesMax = 40;

    private enum Step
    {
        Add,
        Read,
        Reset,
    }

    [Fact]
    public void A_reader_gets_each_version_once_and_in_order_or_learns_that_it_is_too_late() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[1, 60]).Array[0, 200].Sample(steps =>
        {
            var ring = new ChangeRing(Versions(5), CountMax, BytesMax);
            var newest = 5L;
            var has = 5L;
            foreach (var (step, size) in steps)
            {
                switch (step)
                {
                    case Step.Add:
                        ring.Add(new WrittenChange(Versions(++newest), new byte[size]));
                        break;
                    case Step.Reset:
                        ring.Reset(Versions(newest += size));
                        break;
                    case Step.Read when ring.Read(has, MessageBytesMax) is { } slice:
                        Assert.Equal(has + slice.Changes.Count, slice.Versions.Version);
                        Assert.True(slice.Changes.Count > 0 || has == newest);
                        Assert.True(slice.Changes.Count <= 1 || slice.Changes.Sum(c => c.Length) <= MessageBytesMax);
                        has = slice.Versions.Version;
                        break;
                    case Step.Read:
                        Assert.False(ring.Covers(has));
                        has = newest;
                        break;
                }

                Assert.Equal(newest, ring.Newest.Version);
                Assert.True(ring.Covers(newest) && !ring.Covers(newest + 1) && !ring.Covers(ring.Base - 1));
                Assert.InRange(newest - ring.Base, 0, CountMax);
                Assert.True(ring.Bytes <= BytesMax || newest - ring.Base == 1);
            }
        });

    [Fact]
    public void The_ring_keeps_as_much_as_it_may()
    {
        var ring = new ChangeRing(Versions(0), CountMax, BytesMax);
        for (var version = 1; version <= 20; version++)
            ring.Add(new WrittenChange(Versions(version), new byte[1]));

        Assert.Equal(20 - CountMax, ring.Base);
    }

    [Fact]
    public void A_version_that_does_not_follow_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            new ChangeRing(Versions(3), CountMax, BytesMax).Add(new WrittenChange(Versions(5), new byte[1])));

    private static PlaylistVersions Versions(long version) => new(version, version, 1);
}
