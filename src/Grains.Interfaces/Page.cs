using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces;

/// <summary>One page of a list.</summary>
/// <param name="Items">The page, in the list's order.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for the next page; null on the last.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.page`1")]
public sealed record Page<T>(
    [property: Id(0)] ImmutableArray<T> Items,
    [property: Id(1)] string? NextCursor);

/// <summary>Bounds that hold for every list.</summary>
public static class PageLimits
{
    /// <summary>Items on a page when the caller names no limit.</summary>
    public const int Default = 50;

    /// <summary>Items on a page at most.</summary>
    public const int Max = 500;

    /// <summary>The limit that holds: the caller's within bounds, or the default.</summary>
    /// <exception cref="Errors.IndiiException"><c>invalid_request</c> when it is out of bounds.</exception>
    public static int Of(int? limit) => limit switch
    {
        null => Default,
        >= 1 and <= Max => limit.Value,
        _ => throw Errors.IndiiException.Invalid($"limit is {limit}; it may be 1 to {Max}."),
    };
}
