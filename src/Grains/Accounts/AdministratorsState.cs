using System.Collections.Immutable;

namespace IndiiMusic.Grains.Accounts;

/// <summary>
/// The state document of <see cref="RolesGrain"/>: users who are administrators. It may lack one, when a silo died
/// between two writes, and never holds one who is none.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.administrators-state")]
internal sealed record AdministratorsState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>The users, in the order that they came.</summary>
    [Id(1)]
    public ImmutableArray<Guid> UserIds { get; init; } = [];

    /// <summary>Equal when the same users are in it.</summary>
    public bool Equals(AdministratorsState? other) =>
        other is not null && Schema == other.Schema && UserIds.SequenceEqual(other.UserIds);

    /// <summary>Of the number of users; few documents of this kind are ever compared.</summary>
    public override int GetHashCode() => UserIds.Length;
}
