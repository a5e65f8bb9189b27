using System.Collections.Immutable;
using System.Globalization;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Library;

/// <summary>
/// Pages of a list whose items carry ascending order numbers, read from its end. A cursor is the order number of the
/// last item of the page before, so that no page shows an item twice, whatever is added or removed meanwhile.
/// </summary>
internal static class NewestFirst
{
    /// <param name="items">By order, lowest first.</param>
    /// <param name="order">An item's order number.</param>
    /// <param name="show">What to show of an item; null to pass over it.</param>
    /// <param name="limit">Items at most.</param>
    /// <param name="cursor">From the page before; null for the first.</param>
    public static Page<TShown> Page<TItem, TShown>(
        ImmutableArray<TItem> items, Func<TItem, long> order, Func<TItem, TShown?> show, int limit, string? cursor)
        where TShown : class
    {
        limit = PageLimits.Of(limit);
        var before = Before(cursor);
        var page = ImmutableArray.CreateBuilder<TShown>(Math.Min(limit, items.Length));
        long last = 0;
        for (var i = items.Length - 1; i >= 0; i--)
        {
            if (order(items[i]) >= before || show(items[i]) is not { } shown)
                continue;
            if (page.Count == limit)
                return new Page<TShown>(page.ToImmutable(), last.ToString(CultureInfo.InvariantCulture));

            page.Add(shown);
            last = order(items[i]);
        }

        return new Page<TShown>(page.ToImmutable(), NextCursor: null);
    }

    private static long Before(string? cursor)
    {
        if (cursor is null)
            return long.MaxValue;
        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            ? before
            : throw IndiiException.Invalid([new FieldError("cursor", "is not a nextCursor of this list.")]);
    }
}
