using CsCheck;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Library;

namespace IndiiMusic.Grains.Tests.Library;

public sealed class LibraryRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly Guid[] Playlists = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];

    [Fact]
    public void News_in_any_order_and_any_number_of_times_ends_in_what_is_newest()
    {
        var news = Gen.Select(Gen.Int[0, 3], Gen.Long[1, 6], (playlist, version) => (playlist, version));

        news.Array[0, 30].Sample(heard =>
        {
            var library = heard.Aggregate(new LibraryState(), (library, item) =>
                LibraryRules.Note(library, Playlists[item.playlist], item.version, RoleAt(item.version), Now));

            var newest = heard.GroupBy(item => item.playlist)
                .ToDictionary(group => Playlists[group.Key], group => RoleAt(group.Max(item => item.version)));
            Assert.Equal(newest.Count, library.Playlists.Length);
            Assert.All(library.Playlists, item => Assert.Equal(newest[item.PlaylistId], item.Role));
            Assert.Equal(library.Playlists.OrderBy(item => item.Order), library.Playlists);
        });
    }

    [Fact]
    public void What_is_no_news_changes_nothing()
    {
        var library = LibraryRules.Note(new LibraryState(), Playlists[0], 5, PlaylistRole.Editor, Now);

        Assert.Same(library, LibraryRules.Note(library, Playlists[0], 5, null, Now));
        Assert.Same(library, LibraryRules.Note(library, Playlists[0], 4, PlaylistRole.Viewer, Now));
        Assert.Same(library, LibraryRules.Forget(library, Playlists[0], 4, Now));
        Assert.Same(library, LibraryRules.Forget(library, Playlists[1], 9, Now));
    }

    [Fact]
    public void A_new_role_keeps_the_place_and_coming_back_takes_a_new_one()
    {
        var library = new LibraryState();
        library = LibraryRules.Note(library, Playlists[0], 1, PlaylistRole.Viewer, Now);
        library = LibraryRules.Note(library, Playlists[1], 1, PlaylistRole.Viewer, Now);

        library = LibraryRules.Note(library, Playlists[0], 2, PlaylistRole.Editor, Now);
        Assert.Equal(Playlists[..2], library.Playlists.Select(item => item.PlaylistId));

        library = LibraryRules.Note(library, Playlists[0], 3, null, Now);
        library = LibraryRules.Note(library, Playlists[0], 4, PlaylistRole.Viewer, Now);
        Assert.Equal([Playlists[1], Playlists[0]], library.Playlists.Select(item => item.PlaylistId));
    }

    [Fact]
    public void What_was_found_gone_stays_gone_until_there_is_news()
    {
        var library = LibraryRules.Note(new LibraryState(), Playlists[0], 5, PlaylistRole.Editor, Now);

        library = LibraryRules.Forget(library, Playlists[0], 5, Now);
        Assert.Null(Assert.Single(library.Playlists).Role);

        library = LibraryRules.Note(library, Playlists[0], 6, PlaylistRole.Viewer, Now);
        Assert.Equal(PlaylistRole.Viewer, Assert.Single(library.Playlists).Role);
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many()
    {
        var library = new LibraryState();
        var first = Guid.CreateVersion7();
        library = LibraryRules.Note(library, first, 1, PlaylistRole.Viewer, Now);
        for (var i = 0; i < LibraryRules.FormerPlaylistsMax + 5; i++)
            library = LibraryRules.Note(library, Guid.CreateVersion7(), 1, role: null, Now);
        Assert.Equal(LibraryRules.FormerPlaylistsMax + 1, library.Playlists.Length);
        Assert.Equal(first, library.Playlists[0].PlaylistId);

        var full = new LibraryState
        {
            Playlists =
            [
                .. Enumerable.Range(1, LibraryLimits.PlaylistsMax).Select(order =>
                    new LibraryItem(order, Guid.CreateVersion7(), 1, PlaylistRole.Viewer, Now)),
            ],
        };
        var after = LibraryRules.Note(full, first, 1, PlaylistRole.Viewer, Now);
        Assert.Equal(LibraryLimits.PlaylistsMax, after.Playlists.Length);
        Assert.Equal(full.Playlists[1], after.Playlists[0]);
        Assert.Equal(first, after.Playlists[^1].PlaylistId);
    }

    private static PlaylistRole? RoleAt(long version) => version % 6 == 0 ? null : (PlaylistRole)(version % 6);
}
