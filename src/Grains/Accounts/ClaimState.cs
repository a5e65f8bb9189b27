namespace IndiiMusic.Grains.Accounts;

/// <summary>The state document of a claim. Nobody holds one that has no <see cref="HolderId"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.claim-state")]
internal sealed record ClaimState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>Who holds the name.</summary>
    [Id(1)]
    public Guid? HolderId { get; init; }

    /// <summary>Until when the name is merely reserved; null once confirmed.</summary>
    [Id(2)]
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>Whether the holder has it for good.</summary>
    public bool IsConfirmed() => HolderId is not null && ReservedUntil is null;
}
