using CsCheck;
using IndiiMusic.Api.Playlists.Live;

namespace IndiiMusic.Api.Tests.Playlists.Live;

public sealed class PacerTests
{
    [Fact]
    public void Edits_by_hand_never_wait()
    {
        var pacer = new Pacer(sendsPerSecond: 60, burst: 10);

        for (var i = 0; i < 200; i++)
            Assert.True(pacer.TryTake(TimeSpan.FromMilliseconds(50 * i)));
    }

    [Fact]
    public void A_burst_goes_at_once_and_then_the_rate_holds()
    {
        var pacer = new Pacer(sendsPerSecond: 10, burst: 3);

        var taken = Enumerable.Range(0, 2_000).Where(ms => pacer.TryTake(TimeSpan.FromMilliseconds(ms))).ToList();

        Assert.Equal([0, 1, 2, 100, 200, 300], taken.Take(6));
        Assert.Equal(22, taken.Count);
    }

    [Fact]
    public void What_is_due_may_be_taken_and_nothing_before() =>
        Gen.Int[0, 100].Array[1, 100].Sample(waits =>
        {
            var pacer = new Pacer(sendsPerSecond: 20, burst: 4);
            var now = TimeSpan.Zero;
            foreach (var wait in waits)
            {
                now += TimeSpan.FromMilliseconds(wait);
                var isDue = pacer.DueAt <= now;
                Assert.Equal(isDue, pacer.TryTake(now));
                Assert.True(pacer.DueAt <= now + TimeSpan.FromMilliseconds(50));
            }
        });
}
