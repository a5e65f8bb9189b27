namespace IndiiMusic.Grains.Playlists;

/// <summary>Finds what can stay where it is when a list is brought into another order.</summary>
internal static class ListOrder
{
    /// <summary>
    /// Marks a longest increasing subsequence (Fredman, "On computing the length of longest increasing subsequences",
    /// 1975), in O(n log n): the largest set of items that need not move. All others have to.
    /// </summary>
    /// <param name="keys">Where each item stands now, in the order wanted; all different.</param>
    public static bool[] Stays(ReadOnlySpan<long> keys)
    {
        var stays = new bool[keys.Length];
        var tails = new int[keys.Length];
        var previous = new int[keys.Length];
        var length = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            var (low, high) = (0, length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = keys[tails[middle]] < keys[i] ? (middle + 1, high) : (low, middle);
            }

            previous[i] = low == 0 ? -1 : tails[low - 1];
            tails[low] = i;
            length = Math.Max(length, low + 1);
        }

        for (var i = length == 0 ? -1 : tails[length - 1]; i >= 0; i = previous[i])
        {
            stays[i] = true;
        }

        return stays;
    }
}
