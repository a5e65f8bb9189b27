namespace IndiiMusic.Grains.Catalog;

/// <summary>Recognises a file by its path although its folder has moved since.</summary>
public static class PathMatch
{
    /// <summary>
    /// The candidate whose path ends most like the wanted one, compared folder by folder from the file name up. It must
    /// be the only one to do so: a file name alone, such as 01.mp3, often says nothing.
    /// </summary>
    /// <param name="wanted">A path of either slash.</param>
    /// <param name="candidates">Tracks whose paths end alike.</param>
    /// <returns>The track; null when there is no candidate, or several fit equally well.</returns>
    public static Guid? Best(string wanted, IReadOnlyList<CatalogHit> candidates)
    {
        var wantedParts = FoldedText.PathParts(wanted);
        Guid? best = null;
        var bestLength = 0;
        var isTied = false;
        foreach (var candidate in candidates)
        {
            var length = CommonEnding(wantedParts, FoldedText.PathParts(candidate.Text));
            if (length > bestLength)
                (best, bestLength, isTied) = (candidate.TrackId, length, false);
            else if (length == bestLength && candidate.TrackId != best)
                isTied = true;
        }

        return isTied ? null : best;
    }

    private static int CommonEnding(string[] left, string[] right)
    {
        var length = 0;
        while (length < left.Length && length < right.Length && left[^(length + 1)] == right[^(length + 1)])
            length++;
        return length;
    }
}
