namespace IndiiMusic.Infrastructure.EventLog;

/// <summary>
/// Which snapshots of a stream are kept: the newest always, older ones the more sparsely the older they are. One goes
/// when the gap that it leaves between its neighbours is at most 1/<c>density</c> of what the younger neighbour is
/// behind the newest. Version 0, where nothing has happened yet, counts as a snapshot that is always there.
/// </summary>
/// <remarks>
/// A gap made so stays within its bound, because the newest only moves away from it. Hence reading a version d behind
/// the newest never replays more than d/<c>density</c> events beyond what it would without thinning. And of three
/// neighbours the outer two are further apart than that, so a stream of n versions keeps fewer than 2 + 2 * log(n) /
/// log(1 + 1/<c>density</c>).
/// </remarks>
public static class SnapshotThinning
{
    /// <summary>The versions whose snapshots may go.</summary>
    /// <param name="versions">The versions that have a snapshot, ascending.</param>
    /// <param name="density">How dense the kept ones are, at least 1.</param>
    public static IReadOnlyList<long> Superfluous(IReadOnlyList<long> versions, int density)
    {
        var superfluous = new List<long>();
        var older = 0L;
        for (var i = 0; i < versions.Count - 1; i++)
        {
            var younger = versions[i + 1];
            if (younger - older <= (versions[^1] - younger) / density)
                superfluous.Add(versions[i]);
            else
                older = versions[i];
        }

        return superfluous;
    }
}
