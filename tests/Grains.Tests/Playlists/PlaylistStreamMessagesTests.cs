using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Grains.Tests.Playlists;

public sealed class PlaylistStreamMessagesTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_small_goes_out_in_one_message()
    {
        var changes = Changes(Added(1, after: 0, count: 3), new EntriesRemovedChange(2, At, null, null, [2]));

        Assert.Equal([.. changes.Changes], Assert.Single(PlaylistStreamMessages.Of(changes)).Changes.ToList());
    }

    [Theory]
    [InlineData(PlaylistStreamMessages.ItemsMax)]
    [InlineData(PlaylistLimits.EntriesMax)]
    public void A_change_of_very_many_entries_comes_in_pieces_that_add_up_to_it(int count)
    {
        var added = Added(1, after: 7, count);
        var ids = added.Entries.Select(static entry => entry.EntryId).ToImmutableArray();
        var messages = Cut(
            added, new EntriesMovedChange(2, At, null, null, 7, ids), new EntriesRemovedChange(3, At, null, null, ids));

        var pieces = messages.SelectMany(static message => message.Changes).ToList();
        var after = 7;
        foreach (var piece in pieces.OfType<EntriesAddedChange>())
        {
            Assert.Equal((1, after), (piece.Version, piece.After));
            after = piece.Entries[^1].EntryId;
        }

        after = 7;
        foreach (var piece in pieces.OfType<EntriesMovedChange>())
        {
            Assert.Equal((2, after), (piece.Version, piece.After));
            after = piece.EntryIds[^1];
        }

        Assert.Equal(pieces.OrderBy(static piece => piece.Version), pieces);
        Assert.Equal(added.Entries, pieces.OfType<EntriesAddedChange>().SelectMany(static piece => piece.Entries));
        Assert.Equal(ids, pieces.OfType<EntriesMovedChange>().SelectMany(static piece => piece.EntryIds));
        Assert.Equal(ids, pieces.OfType<EntriesRemovedChange>().SelectMany(static piece => piece.EntryIds));
    }

    [Fact]
    public void Many_changes_with_long_texts_are_spread_over_messages()
    {
        var details = new SetDetails(Description: new string('x', PlaylistLimits.DescriptionCharactersMax));
        var changes = Enumerable.Range(1, 1_000)
            .Select(version => new DetailsChangedChange(version, At, null, null, details))
            .ToArray();

        Assert.Equal(changes, Cut(changes).SelectMany(static message => message.Changes));
    }

    private static List<PlaylistChanges> Cut(params PlaylistChange[] changes)
    {
        var messages = PlaylistStreamMessages.Of(Changes(changes)).ToList();
        Assert.True(messages.Count > 1);
        Assert.All(messages, static message => Assert.InRange(
            message.Changes.Sum(PlaylistStreamMessages.ItemsOf), 1, PlaylistStreamMessages.ItemsMax));
        return messages;
    }

    private static PlaylistChanges Changes(params PlaylistChange[] changes) => new(
        Guid.Empty, new PlaylistVersions(changes[^1].Version, 1, 1), [.. changes]);

    private static EntriesAddedChange Added(long version, int after, int count) => new(
        version, At, null, null, after,
        [.. Enumerable.Range(10, count).Select(static id => new EntryView(id, Guid.Empty, Guid.Empty, At))]);
}
