namespace IndiiMusic.Grains.Interfaces.Tests.Auth;

public sealed class RightsTests
{
    [Fact]
    public void What_a_new_account_may_do_is_what_its_roles_and_an_ordinary_token_allow()
    {
        Assert.Equal(Permissions.Ordinary, Rights.Of(Roles.Ordinary));
        Assert.Equal(Permissions.Ordinary, Rights.Of(Roles.Ordinary) & Rights.Of(Scopes.Ordinary));
    }

    [Theory]
    [InlineData(Roles.None, "")]
    [InlineData(Roles.Listener, "playlists.read playlists.write tracks.read profile")]
    [InlineData(Roles.Artist, "playlists.read playlists.write tracks.read tracks.write profile")]
    [InlineData(Roles.Curator, "playlists.read playlists.write tracks.read tracks.write profile library.curate")]
    [InlineData(
        Roles.Moderator,
        "playlists.read playlists.write tracks.read tracks.write profile playlists.moderate tracks.moderate")]
    [InlineData(
        Roles.Administrator,
        "playlists.read playlists.write tracks.read tracks.write profile library.curate playlists.moderate "
        + "tracks.moderate users.manage")]
    public void A_role_is_made_of_permissions(Roles role, string permissions) =>
        Assert.Equal(permissions, Rights.Format(Rights.Of(role)));

    [Theory]
    [InlineData(Scopes.None, "")]
    [InlineData(Scopes.PlaylistsRead, "playlists.read")]
    [InlineData(Scopes.PlaylistsWrite, "playlists.write")]
    [InlineData(Scopes.TracksRead, "tracks.read")]
    [InlineData(Scopes.TracksWrite, "tracks.write library.curate")]
    [InlineData(Scopes.Profile, "profile")]
    [InlineData(Scopes.Admin, "playlists.moderate tracks.moderate users.manage")]
    public void A_scope_lets_permissions_through(Scopes scope, string permissions) =>
        Assert.Equal(permissions, Rights.Format(Rights.Of(scope)));

    [Fact]
    public void Roles_add_up()
    {
        var both = Rights.Of(Roles.Curator | Roles.Moderator);

        Assert.Equal(Rights.Of(Roles.Curator) | Rights.Of(Roles.Moderator), both);
        Assert.False(both.HasFlag(Permissions.ManageUsers));
    }

    [Fact]
    public void Every_permission_role_and_scope_stands_in_the_table_once()
    {
        Assert.Equal(Single<Permissions>(), Rights.PermissionRows.Select(row => row.Permission));
        Assert.Equal(Single<Roles>(), Rights.RoleRows.Select(row => row.Role));
        Assert.Equal(Single<Scopes>(), Rights.ScopeRows.Select(row => row.Scope));
        Assert.Equal(Single<Scopes>(), Rights.PermissionRows.Select(row => row.Scope).Distinct().Order());
    }

    [Fact]
    public void Scopes_and_roles_are_read_as_they_are_written()
    {
        foreach (var (scope, word) in Rights.ScopeRows)
            Assert.Equal((scope, word), (Rights.ParseScopes(word, out _), Rights.Format(scope)));
        foreach (var (role, name, _) in Rights.RoleRows)
            Assert.Equal((role, name), (Rights.FindRole(name)!.Value, Rights.Names(role).Single()));

        Assert.Equal(Scopes.Profile, Rights.ParseScopes(" profile  Admin ", out var unknown));
        Assert.Equal("Admin", unknown);
        Assert.Null(Rights.FindRole("Administrator"));
        Assert.Equal(Scopes.None, Rights.ParseScopes(null, out unknown));
        Assert.Null(unknown);
    }

    [Fact]
    public void An_actor_without_the_permission_is_told_which_one_it_takes()
    {
        var actor = Actor.User(Guid.CreateVersion7());

        Assert.Equal(actor.UserId, actor.Require(Permissions.WriteTracks | Permissions.ReadTracks));
        var refused = Assert.Throws<Errors.IndiiException>(() => actor.Require(Permissions.ManageUsers));
        Assert.Equal(Errors.ErrorCode.Forbidden, refused.Code);
        Assert.Contains("users.manage", refused.Message, StringComparison.Ordinal);
        var stranger = Assert.Throws<Errors.IndiiException>(() => Actor.Anonymous.Require(Permissions.ReadTracks));
        Assert.Equal(Errors.ErrorCode.Unauthenticated, stranger.Code);
    }

    private static IEnumerable<T> Single<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(value => int.PopCount(Convert.ToInt32(value)) == 1);
}
