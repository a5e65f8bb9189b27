using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Library;

/// <summary>The state document of the playlists that a user has, or had, a role in.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.library-state")]
internal sealed record LibraryState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>By <see cref="LibraryItem.Order"/>, lowest first.</summary>
    [Id(1)]
    public ImmutableArray<LibraryItem> Playlists { get; init; } = [];
}

/// <summary>A playlist in a library.</summary>
/// <param name="Order">Its place: a later one joined later.</param>
/// <param name="PlaylistId">The playlist.</param>
/// <param name="Version">The playlist's version that made it so.</param>
/// <param name="Role">Null when the user has none any more: kept so that older news is known as such.</param>
/// <param name="At">Since when the user has had a role, or has had none.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.library-item")]
internal sealed record LibraryItem(
    [property: Id(0)] long Order,
    [property: Id(1)] Guid PlaylistId,
    [property: Id(2)] long Version,
    [property: Id(3)] PlaylistRole? Role,
    [property: Id(4)] DateTimeOffset At);

/// <summary>The state document of the playlists that a user follows.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.following-state")]
internal sealed record FollowingState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>By <see cref="ChosenItem.Order"/>, lowest first.</summary>
    [Id(1)]
    public ImmutableArray<ChosenItem> Playlists { get; init; } = [];
}

/// <summary>The state document of a user's favourite tracks.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.favourites-state")]
internal sealed record FavouritesState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>By <see cref="ChosenItem.Order"/>, lowest first.</summary>
    [Id(1)]
    public ImmutableArray<ChosenItem> Tracks { get; init; } = [];
}

/// <summary>Something that a user chose.</summary>
/// <param name="Order">Its place: a later one was chosen later.</param>
/// <param name="Id">What was chosen.</param>
/// <param name="At">When.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.chosen-item")]
internal sealed record ChosenItem(
    [property: Id(0)] long Order,
    [property: Id(1)] Guid Id,
    [property: Id(2)] DateTimeOffset At);
