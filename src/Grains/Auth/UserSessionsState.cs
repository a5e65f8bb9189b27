using System.Collections.Immutable;

namespace IndiiMusic.Grains.Auth;

/// <summary>The state document of a user's sessions, of which it may name some that have ended since.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.user-sessions-state")]
internal sealed record UserSessionsState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>The sessions, in the order that they were listed.</summary>
    [Id(1)]
    public ImmutableArray<Guid> SessionIds { get; init; } = [];

    /// <summary>Equal when the same sessions are in it.</summary>
    public bool Equals(UserSessionsState? other) =>
        other is not null && Schema == other.Schema && SessionIds.SequenceEqual(other.SessionIds);

    /// <summary>Of the number of sessions; few documents of this kind are ever compared.</summary>
    public override int GetHashCode() => SessionIds.Length;
}
