using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces;

/// <summary>What an administrator makes of a user; somebody may have several.</summary>
[Flags]
public enum Roles
{
    /// <summary>May do nothing that takes a permission.</summary>
    None = 0,

    /// <summary>Listens, and keeps playlists.</summary>
    Listener = 1,

    /// <summary>Brings in music of their own.</summary>
    Artist = 2,

    /// <summary>Looks after the library's tracks.</summary>
    Curator = 4,

    /// <summary>Takes down what others made.</summary>
    Moderator = 8,

    /// <summary>May do everything, and says who has which role.</summary>
    Administrator = 16,

    /// <summary>What every account starts with.</summary>
    Ordinary = Listener | Artist,
}

/// <summary>What a token is for; it narrows what its user's roles allow and never adds to it.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing but what anybody may do.</summary>
    None = 0,

    /// <summary>Reading playlists.</summary>
    PlaylistsRead = 1,

    /// <summary>Changing playlists.</summary>
    PlaylistsWrite = 2,

    /// <summary>Reading and hearing tracks.</summary>
    TracksRead = 4,

    /// <summary>Bringing in and changing tracks.</summary>
    TracksWrite = 8,

    /// <summary>One's own account and sessions.</summary>
    Profile = 16,

    /// <summary>Moderating and administering.</summary>
    Admin = 32,

    /// <summary>What a log-in gets that asks for none: all but <see cref="Admin"/>.</summary>
    Ordinary = PlaylistsRead | PlaylistsWrite | TracksRead | TracksWrite | Profile,
}

/// <summary>
/// The one table of rights: which permissions make up a role, and which scope a token needs for each. Pure.
/// </summary>
public static class Rights
{
    /// <summary>Each permission, its name, and the scope that it takes.</summary>
    public static readonly ImmutableArray<(Permissions Permission, string Name, Scopes Scope)> PermissionRows =
    [
        (Permissions.ReadPlaylists, "playlists.read", Scopes.PlaylistsRead),
        (Permissions.WritePlaylists, "playlists.write", Scopes.PlaylistsWrite),
        (Permissions.ReadTracks, "tracks.read", Scopes.TracksRead),
        (Permissions.WriteTracks, "tracks.write", Scopes.TracksWrite),
        (Permissions.Profile, "profile", Scopes.Profile),
        (Permissions.CurateLibrary, "library.curate", Scopes.TracksWrite),
        (Permissions.ModeratePlaylists, "playlists.moderate", Scopes.Admin),
        (Permissions.ModerateTracks, "tracks.moderate", Scopes.Admin),
        (Permissions.ManageUsers, "users.manage", Scopes.Admin),
    ];

    /// <summary>Each role, its name, and what it may do.</summary>
    public static readonly ImmutableArray<(Roles Role, string Name, Permissions Permissions)> RoleRows =
    [
        (Roles.Listener, "listener", Listening),
        (Roles.Artist, "artist", Listening | Permissions.WriteTracks),
        (Roles.Curator, "curator",
            Listening | Permissions.WriteTracks | Permissions.CurateLibrary),
        (Roles.Moderator, "moderator",
            Listening | Permissions.WriteTracks
            | Permissions.ModeratePlaylists | Permissions.ModerateTracks),
        (Roles.Administrator, "administrator",
            PermissionRows.Aggregate(Permissions.None, (all, row) => all | row.Permission)),
    ];

    /// <summary>Each scope and its word.</summary>
    public static readonly ImmutableArray<(Scopes Scope, string Word)> ScopeRows =
    [
        (Scopes.PlaylistsRead, "playlists:read"),
        (Scopes.PlaylistsWrite, "playlists:write"),
        (Scopes.TracksRead, "tracks:read"),
        (Scopes.TracksWrite, "tracks:write"),
        (Scopes.Profile, "profile"),
        (Scopes.Admin, "admin"),
    ];

    private const Permissions Listening =
        Permissions.ReadPlaylists | Permissions.WritePlaylists | Permissions.ReadTracks | Permissions.Profile;

    /// <summary>What roles allow.</summary>
    public static Permissions Of(Roles roles) => RoleRows.Where(row => roles.HasFlag(row.Role))
        .Aggregate(Permissions.None, (permissions, row) => permissions | row.Permissions);

    /// <summary>What scopes let through.</summary>
    public static Permissions Of(Scopes scopes) => PermissionRows.Where(row => scopes.HasFlag(row.Scope))
        .Aggregate(Permissions.None, (permissions, row) => permissions | row.Permission);

    /// <summary>The scopes that permissions take.</summary>
    public static Scopes ScopesFor(Permissions permissions) =>
        PermissionRows.Where(row => permissions.HasFlag(row.Permission))
            .Aggregate(Scopes.None, (scopes, row) => scopes | row.Scope);

    /// <summary>The names of permissions, with spaces between.</summary>
    public static string Format(Permissions permissions) => string.Join(
        ' ', PermissionRows.Where(row => permissions.HasFlag(row.Permission)).Select(row => row.Name));

    /// <summary>The names of roles.</summary>
    public static ImmutableArray<string> Names(Roles roles) =>
        [.. RoleRows.Where(row => roles.HasFlag(row.Role)).Select(row => row.Name)];

    /// <summary>Scopes as they stand in a token: words with spaces between (RFC 6749, section 3.3).</summary>
    public static string Format(Scopes scopes) =>
        string.Join(' ', ScopeRows.Where(row => scopes.HasFlag(row.Scope)).Select(row => row.Word));

    /// <summary>Reads a scope; words that are not known allow nothing.</summary>
    /// <param name="scope">Words with spaces between; null is none.</param>
    /// <param name="unknown">The first word that is not known, or null.</param>
    public static Scopes ParseScopes(string? scope, out string? unknown)
    {
        unknown = null;
        var scopes = Scopes.None;
        foreach (var word in (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var row = ScopeRows.FirstOrDefault(row => row.Word == word);
            scopes |= row.Scope;
            unknown ??= row.Word is null ? word : null;
        }

        return scopes;
    }

    /// <summary>Reads names of roles with spaces between; those that are not known make up nothing.</summary>
    public static Roles ParseRoles(string names) => names.Split(' ')
        .Aggregate(Roles.None, (roles, name) => roles | (FindRole(name) ?? Roles.None));

    /// <summary>The role of a name; null where it is none.</summary>
    public static Roles? FindRole(string name) =>
        RoleRows.FirstOrDefault(row => row.Name == name) is { Name: not null } row ? row.Role : null;
}
