using System.Text.Json;
using CsCheck;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.Extensions.Time.Testing;

namespace IndiiMusic.Api.Tests.Tracks;

public sealed class CardShelfTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_card_is_kept_for_its_time()
    {
        var shelf = new CardShelf(10, _time);
        var card = Card();
        shelf.Keep(card.TrackId, card, Minute);

        _time.Advance(Minute - TimeSpan.FromSeconds(1));
        Assert.Same(card, Find(shelf, card.TrackId));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Find(shelf, card.TrackId));
    }

    [Fact]
    public void A_track_that_does_not_exist_is_known_as_such()
    {
        var shelf = new CardShelf(10, _time);
        var trackId = Guid.CreateVersion7();
        Assert.False(shelf.TryFind(trackId, _time.GetTimestamp(), out _));

        shelf.Keep(trackId, card: null, Minute);

        Assert.True(shelf.TryFind(trackId, _time.GetTimestamp(), out var card));
        Assert.Null(card);
    }

    [Fact]
    public void What_is_used_stays_when_there_are_too_many_and_what_is_dropped_does_not_come_back()
    {
        var shelf = new CardShelf(10, _time);
        var (used, unused, dropped) = (Card(), Card(), Card());
        foreach (var card in (TrackCard[])[used, unused, dropped])
            shelf.Keep(card.TrackId, card, Minute);
        shelf.Drop(dropped.TrackId);
        for (var i = 0; i < 20; i++)
        {
            Assert.Same(used, Find(shelf, used.TrackId));
            Assert.Null(Find(shelf, dropped.TrackId));
            shelf.Keep(Guid.CreateVersion7(), Card(), Minute);
        }

        Assert.Null(Find(shelf, unused.TrackId));
        shelf.Clear();
        Assert.Null(Find(shelf, used.TrackId));
    }

    [Fact]
    public void A_change_is_told_to_whoever_looked_before_it_and_shows_the_track()
    {
        Gen.Select(Gen.Int[0, 9].Array[0, 3_000], Gen.Int[0, 9].Array[0, 3], Gen.Double[0, 1]).Sample(
            (changes, shown, share) =>
            {
                var ids = Enumerable.Range(0, 10).Select(i => new Guid(i, 0, 0, new byte[8])).ToArray();
                var tracks = new ChangedTracks();
                var since = (int)(changes.Length * share);
                foreach (var i in changes.Take(since))
                    tracks.Add(ids[i]);
                var number = tracks.Number;
                foreach (var i in changes.Skip(since))
                    tracks.Add(ids[i]);

                var expected = changes.Skip(since).Any(shown.Contains)
                    || changes.Length - since > ChangedTracks.RememberedMax;
                Assert.Equal(expected, tracks.AnyChanged([.. shown.Select(i => ids[i])], number));
            },
            iter: 300);
    }

    [Fact]
    public void When_all_may_have_changed_each_has_for_those_who_looked_before()
    {
        var tracks = new ChangedTracks();
        tracks.Add(Guid.CreateVersion7());
        var before = tracks.Number;
        tracks.AddAll();

        Assert.True(tracks.AnyChanged([], before));
        Assert.False(tracks.AnyChanged([Guid.CreateVersion7()], tracks.Number));
        tracks.Add(Guid.CreateVersion7());
        Assert.False(tracks.HasChanged(Guid.CreateVersion7(), tracks.Number - 1));
    }

    [Fact]
    public void The_shape_of_a_card_in_Redis_goes_with_its_version()
    {
        var card = new TrackCard(
            Guid.Parse("00000000-0000-7000-8000-000000000001"), "Title", ["Ana"], null, 1_000,
            TrackVisibility.Private, Guid.Parse("00000000-0000-7000-8000-000000000002"), HasArtwork: true);

        // Whoever changes this text gives ShapeVersion the next number.
        Assert.Equal(1, SharedCards.ShapeVersion);
        Assert.Equal(
            """
            {"TrackId":"00000000-0000-7000-8000-000000000001","Title":"Title","Artists":["Ana"],"Album":null,
            "DurationMs":1000,"Visibility":1,"OwnerId":"00000000-0000-7000-8000-000000000002","HasArtwork":true}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(card, CardJson.Default.TrackCard));
    }

    private TrackCard? Find(CardShelf shelf, Guid trackId) =>
        shelf.TryFind(trackId, _time.GetTimestamp(), out var card) ? card : null;

    private static TrackCard Card() => new(
        Guid.CreateVersion7(), "Title", [], null, 1_000, TrackVisibility.Members, OwnerId: null, HasArtwork: false);
}
