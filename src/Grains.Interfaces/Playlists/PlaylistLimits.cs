namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>The bounds of a playlist. Going over one is answered with <c>limit_exceeded</c> and its name.</summary>
public static class PlaylistLimits
{
    /// <summary>Entries that a playlist holds.</summary>
    public const int EntriesMax = 100_000;

    /// <summary>Tracks or entries that one operation names.</summary>
    public const int ItemsPerOperationMax = 500;

    /// <summary>Operations in one command.</summary>
    public const int OperationsPerCommandMax = 100;

    /// <summary>Users with a role, owners among them.</summary>
    public const int CollaboratorsMax = 1_000;

    /// <summary>Invites that can still be used.</summary>
    public const int InvitesMax = 100;

    /// <summary>Users who wait for an owner to let them in.</summary>
    public const int JoinRequestsMax = 1_000;

    /// <summary>Suggestions that wait for an answer.</summary>
    public const int SuggestionsMax = 1_000;

    /// <summary>Characters in a name.</summary>
    public const int NameCharactersMax = 200;

    /// <summary>Characters in a description.</summary>
    public const int DescriptionCharactersMax = 4_000;

    /// <summary>Characters in an operation id.</summary>
    public const int OperationIdCharactersMax = 100;

    /// <summary>Operations per playlist whose repetition is recognised, and that can be undone, at the least.</summary>
    public const int RememberedOperationsMin = 10_000;

    /// <summary>Removed entries whose place is remembered exactly, at the least.</summary>
    public const int RememberedRemovalsMin = 10_000;

    /// <summary>Versions that <c>changes</c> reaches back; further back a client takes a snapshot.</summary>
    public const int ChangesMax = 1_000;

    /// <summary>Events that one revert by user looks back over.</summary>
    public const int RevertEventsMax = 1_000_000;
}
