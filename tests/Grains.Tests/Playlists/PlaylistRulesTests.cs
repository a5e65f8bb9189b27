using System.Collections.Immutable;
using CsCheck;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Grains.Tests.Playlists;

public sealed class PlaylistRulesTests
{
    private static readonly Gen<Step[]> Steps = Gen
        .Select(Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 1_000], Gen.Int[0, 1_000], Gen.Int[1, 4])
        .Select((kind, user, first, second, count) => new Step(kind, user, first, second, count))
        .Array[1, 60];

    [Fact]
    public void Any_interleaving_ends_in_the_list_that_the_model_expects() => Steps.Sample(
        steps =>
        {
            var playlist = new PlaylistHarness();
            var model = new PlaylistModel();
            var users = Enumerable.Range(0, 3).Select(PlaylistHarness.User).ToArray();
            Array.ForEach(users, user => playlist.Join(user, PlaylistRole.Editor));
            var firstOperation = playlist.Log.Count;
            foreach (var step in steps)
            {
                Take(step, playlist, model, users[step.User], firstOperation);
                Assert.Equal(model.Present, playlist.EntryIds);
                Assert.Equal(
                    model.Places,
                    playlist.State.Entries.Places().Select(place => (place.Entry.EntryId, place.IsRemoved)));
            }

            playlist.AssertSnapshotHolds();
            PlaylistHarness.AssertSame(playlist.State, playlist.StateAt(playlist.State.Version));
        },
        iter: 2_000);

    [Fact]
    public void Undoing_everything_backwards_leads_to_the_empty_list_and_undoing_that_leads_back() => Steps.Sample(
        steps =>
        {
            var playlist = new PlaylistHarness();
            var user = Actor.User(PlaylistHarness.Owner);
            var model = new PlaylistModel();
            foreach (var step in steps.Where(step => step.Kind < 5))
            {
                Take(step, playlist, model, user, firstOperation: 1);
            }

            var made = playlist.Log.Skip(1).ToList();
            var lists = made.Select(command => playlist.StateAt(command.FirstVersion - 1)).ToList();
            var undone = new List<(long First, int[] Before)>();
            for (var i = made.Count - 1; i >= 0; i--)
            {
                undone.Add((playlist.State.Version + 1, [.. playlist.EntryIds]));
                playlist.Undo(user, made[i]);
                Assert.Equal(EntryIds(lists[i]), playlist.EntryIds);
            }

            for (var i = undone.Count - 1; i >= 0; i--)
            {
                playlist.Undo(user, playlist.Log.Single(command => command.FirstVersion == undone[i].First));
                Assert.Equal(undone[i].Before, playlist.EntryIds);
            }
        },
        iter: 500);

    [Fact]
    public void Reverting_to_any_version_brings_back_its_list() => Gen.Select(Steps, Gen.Int[0, 1_000]).Sample(
        (steps, choice) =>
        {
            var playlist = new PlaylistHarness();
            var model = new PlaylistModel();
            var user = Actor.User(PlaylistHarness.Owner);
            foreach (var step in steps)
            {
                Take(step, playlist, model, user, firstOperation: 1);
            }

            var version = 1 + (choice % playlist.State.Version);
            playlist.RevertTo(user, version);
            Assert.Equal(EntryIds(playlist.StateAt(version)), playlist.EntryIds);
        },
        iter: 500);

    [Fact]
    public void A_whole_list_without_others_edits_becomes_exactly_that_list() =>
        Gen.Select(Steps, Gen.Int[1, 12].Array[0, 30]).Sample(
            (steps, wanted) =>
            {
                var playlist = new PlaylistHarness(tracks: 8);
                var model = new PlaylistModel();
                model.Insert(8, after: null);
                var user = Actor.User(PlaylistHarness.Owner);
                foreach (var step in steps.Where(step => step.Kind < 5))
                {
                    Take(step, playlist, model, user, firstOperation: 0);
                }

                var tracks = wanted.Select(PlaylistHarness.TrackId).ToImmutableArray();
                playlist.Replace(user, playlist.State.Version, tracks);
                Assert.Equal(tracks, playlist.Tracks);
            },
            iter: 500);

    [Fact]
    public void A_whole_list_on_an_old_base_keeps_what_others_added_and_brings_back_nothing_they_removed() =>
        Gen.Select(Steps, Gen.Int[1, 12].Array[0, 20]).Sample(
            (steps, wanted) =>
            {
                var playlist = new PlaylistHarness(tracks: 8);
                var model = new PlaylistModel();
                model.Insert(8, after: null);
                var baseVersion = playlist.State.Version;
                var basis = playlist.EntryIds.ToHashSet();
                var owner = Actor.User(PlaylistHarness.Owner);
                foreach (var step in steps.Where(step => step.Kind < 5))
                {
                    Take(step, playlist, model, owner, firstOperation: 0);
                }

                var othersAdded = playlist.EntryIds.Where(id => !basis.Contains(id)).ToList();
                var othersRemoved = basis.Except(playlist.EntryIds).ToList();
                var nextId = playlist.State.Entries.NextEntryId;
                playlist.Replace(owner, baseVersion, [.. wanted.Select(PlaylistHarness.TrackId)]);
                Assert.Equal(othersAdded, playlist.EntryIds.Where(othersAdded.Contains));
                Assert.DoesNotContain(playlist.EntryIds, othersRemoved.Contains);
                Assert.All(
                    playlist.State.Entries.After(EntryList.Start).Where(entry => entry.EntryId >= nextId),
                    entry => Assert.Contains(entry.TrackId, wanted.Select(PlaylistHarness.TrackId)));
            },
            iter: 500);

    [Fact]
    public void Labels_keep_the_order_however_often_one_place_is_hit()
    {
        var list = EntryList.Empty;
        var random = new Random(7);
        for (var id = 1; id <= 20_000; id++)
        {
            var editor = list.Edit();
            var place = (id % 3) switch { 0 => 0, 1 => list.LastPlace, _ => random.Next(0, 3) };
            editor.Insert(Math.Min(place, id - 1), new EntryView(id, Guid.Empty, Guid.Empty, default), id);
            list = editor.ToImmutable();
        }

        var places = list.Places().ToList();
        Assert.Equal(20_000, places.Count);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.First.Label < pair.Second.Label));
    }

    [Fact]
    public void Places_of_old_removals_are_forgotten_in_the_end_and_anchors_on_them_stand_for_the_start()
    {
        var playlist = new PlaylistHarness(tracks: 3);
        var owner = Actor.User(PlaylistHarness.Owner);
        var removals = (2 * PlaylistLimits.RememberedRemovalsMin) + 1;
        playlist.Execute(owner, new RemoveEntries([2]));
        for (var done = 1; done < removals; done += 500)
        {
            var added = playlist.Execute(owner, new AppendTracks([.. Enumerable.Repeat(Guid.Empty, 500)]));
            playlist.Execute(owner, new RemoveEntries(added.Results[0].EntryIds));
        }

        Assert.Null(playlist.State.Entries.Find(2));
        Assert.Equal(PlaylistLimits.RememberedRemovalsMin, playlist.State.Entries.RemovedCount);
        var result = playlist.Execute(owner, new InsertTracks([Guid.Empty], After: 2)).Results[0];
        Assert.Equal(OperationOutcome.Rebased, result.Outcome);
        Assert.Equal(result.EntryIds[0], playlist.EntryIds.First());
    }

    private static IEnumerable<int> EntryIds(PlaylistState state) =>
        state.Entries.After(EntryList.Start).Select(entry => entry.EntryId);

    private static void Take(Step step, PlaylistHarness playlist, PlaylistModel model, Actor user, int firstOperation)
    {
        var ids = Enumerable.Range(0, step.Count).Select(i => Id(step.First + (i * 7), model)).Distinct().ToImmutableArray();
        var anchor = step.Second % 5 == 0 ? PlaylistOperation.Start : Id(step.Second, model);
        var tracks = ids.Select(id => PlaylistHarness.TrackId((id % 12) + 1)).ToImmutableArray();
        switch (step.Kind)
        {
            case 0:
                playlist.Execute(user, new AppendTracks(tracks));
                model.Insert(tracks.Length, after: null);
                break;
            case 1 when model.IdsGiven > 0:
                playlist.Execute(user, new InsertTracks(tracks, anchor));
                model.Insert(tracks.Length, anchor);
                break;
            case 2 or 3 when model.IdsGiven > 0 && !ids.Contains(anchor):
                playlist.Execute(user, new MoveEntries(ids, anchor));
                model.Move(ids, anchor);
                break;
            case 4 when model.IdsGiven > 0:
                playlist.Execute(user, new RemoveEntries(ids));
                model.Remove(ids);
                break;
            case 5 when model.DoneCount > 0 && !model.HasMoves(step.First % model.DoneCount):
                playlist.Undo(user, playlist.Log[firstOperation + (step.First % model.DoneCount)]);
                model.Undo(step.First % model.DoneCount);
                break;
            default:
                var unknown = Assert.Throws<IndiiException>(() =>
                    playlist.Execute(user, new InsertTracks(tracks, model.IdsGiven + 1)));
                Assert.Equal(ErrorCode.UnknownEntry, unknown.Code);
                break;
        }
    }

    private static int Id(int choice, PlaylistModel model) => 1 + (choice % Math.Max(1, model.IdsGiven));

    private sealed record Step(int Kind, int User, int First, int Second, int Count);
}
