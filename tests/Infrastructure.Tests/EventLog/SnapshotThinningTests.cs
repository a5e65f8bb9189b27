using CsCheck;
using IndiiMusic.Infrastructure.EventLog;

namespace IndiiMusic.Infrastructure.Tests.EventLog;

public sealed class SnapshotThinningTests
{
    [Fact]
    public void The_newest_is_never_superfluous()
    {
        Assert.Empty(SnapshotThinning.Superfluous([], 8));
        Assert.Empty(SnapshotThinning.Superfluous([7], 8));
        Assert.DoesNotContain(9, SnapshotThinning.Superfluous([1, 2, 3, 4, 5, 6, 7, 8, 9], 1));
    }

    [Fact]
    public void Thinned_after_each_snapshot_few_are_kept_and_every_version_has_one_nearby()
    {
        var steps = Gen.Int[1, 2_000].List[1, 400];
        Gen.Select(steps, Gen.Int[1, 16]).Sample((gaps, density) =>
        {
            var all = new List<long> { 0 };
            var kept = new List<long>();
            foreach (var gap in gaps)
            {
                all.Add(all[^1] + gap);
                kept.Add(all[^1]);
                kept.RemoveAll([.. SnapshotThinning.Superfluous(kept, density)]);
            }

            var newest = all[^1];
            Assert.Equal(newest, kept[^1]);
            Assert.InRange(kept.Count, 1, 2 + 2 * Math.Log(newest) / Math.Log(1 + 1.0 / density));

            // The dearest version to read is the last one before the next snapshot that was ever taken.
            foreach (var (best, next) in all.Zip(all.Skip(1)))
            {
                var version = next - 1;
                var found = kept.LastOrDefault(snapshot => snapshot <= version);
                Assert.InRange(version - found, version - best, Math.Max(version - best, (newest - version) / density));
            }
        });
    }

    [Fact]
    public void Some_are_superfluous_in_a_long_row()
    {
        var row = Enumerable.Range(1, 100).Select(i => i * 1_000L).ToList();

        Assert.InRange(SnapshotThinning.Superfluous(row, 8).Count, 50, 80);
    }
}

internal static class ListOfVersions
{
    /// <summary>Takes out each of some versions.</summary>
    public static void RemoveAll(this List<long> versions, HashSet<long> some) => versions.RemoveAll(some.Contains);
}
