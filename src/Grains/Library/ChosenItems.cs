using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Library;

/// <summary>What a user chose, in the order of choosing: pure.</summary>
internal static class ChosenItems
{
    /// <summary>With one more at the end; unchanged when it is there.</summary>
    /// <exception cref="IndiiException"><c>limit_exceeded</c>.</exception>
    public static ImmutableArray<ChosenItem> Choose(
        this ImmutableArray<ChosenItem> items, Guid id, DateTimeOffset now, int countMax, string limitName)
    {
        if (items.Find(id) is not null)
            return items;
        if (items.Length >= countMax)
            throw new IndiiException(ErrorCode.LimitExceeded, $"There are {countMax} already ({limitName}).");
        return items.Add(new ChosenItem(items.IsEmpty ? 1 : items[^1].Order + 1, id, now));
    }

    /// <summary>Without one; unchanged when it is not there.</summary>
    public static ImmutableArray<ChosenItem> Without(this ImmutableArray<ChosenItem> items, Guid id) =>
        items.Find(id) is { } item ? items.Remove(item) : items;

    /// <summary>The one with an id; null when it is not there.</summary>
    public static ChosenItem? Find(this ImmutableArray<ChosenItem> items, Guid id)
    {
        foreach (var item in items)
        {
            if (item.Id == id)
                return item;
        }

        return null;
    }
}
