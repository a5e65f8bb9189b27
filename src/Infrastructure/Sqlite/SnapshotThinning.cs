namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// Which snapshots of a stream are kept. The newest always is. The others are sorted by their distance to it, in
/// versions, into classes that each double into <c>perDoubling</c> equal steps of the logarithm; of each class the oldest
/// is kept. So a stream of n versions keeps at most about <c>perDoubling * log2(n)</c> snapshots, and reading it at a
/// version d back replays about <c>2 * d / perDoubling</c> events at most.
/// </summary>
/// <remarks>
/// The oldest of a class is the next to move on into the following class. Keeping the youngest instead would let each
/// new snapshot push the one before it out, and old classes would starve.
/// </remarks>
public static class SnapshotThinning
{
    /// <summary>The versions whose snapshots may go.</summary>
    /// <param name="versions">The versions that have a snapshot, ascending.</param>
    /// <param name="perDoubling">Classes for each doubling of the distance, at least one.</param>
    public static IReadOnlyList<long> Superfluous(IReadOnlyList<long> versions, int perDoubling)
    {
        var superfluous = new List<long>();
        var lastClass = int.MaxValue;
        for (var i = 0; i < versions.Count - 1; i++)
        {
            var distance = versions[^1] - versions[i];
            var ageClass = (int)Math.Floor(Math.Log2(distance) * perDoubling);
            if (ageClass == lastClass)
                superfluous.Add(versions[i]);
            lastClass = ageClass;
        }

        return superfluous;
    }
}
