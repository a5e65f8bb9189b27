namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>Users that exist from the start. Nobody can log in as one of them.</summary>
public static class WellKnownUsers
{
    /// <summary>The name that nobody else may register.</summary>
    public const string LibraryUsername = "library";

    /// <summary>Whom music belongs to that was brought in before anybody registered.</summary>
    public static readonly Guid Library = new("00000000-0000-7000-8000-000000000001");

    /// <summary>The card of a well-known user; null for every other id.</summary>
    public static UserCard? FindCard(Guid userId) =>
        userId == Library ? new UserCard(Library, LibraryUsername, "Library") : null;
}
