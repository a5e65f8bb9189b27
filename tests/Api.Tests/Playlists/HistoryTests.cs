using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>What happened to a playlist, and taking it back.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class HistoryTests(StandaloneServer server)
{
    [Fact]
    public async Task Changes_since_a_version_bring_a_client_up_to_date()
    {
        using var ana = await Person.SignUp(server);
        var track = await Person.EnterTrack(server, "First light");
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(2));
        var since = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        await ana.Apply(playlist, new { kind = "insert", trackIds = new[] { track }, after = "start" });
        await ana.Apply(playlist, new { kind = "move", entryIds = new[] { 3 }, after = 2 });
        await ana.Apply(playlist, new { kind = "remove", entryIds = new[] { 1 } });
        await ana.Patch(playlist, new { name = "Rail" });

        var caughtUp = (await ana.Get($"{playlist}/changes?since={since}")).Expect(HttpStatusCode.OK).Body;

        var changes = caughtUp.GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal(
            ["entriesAdded", "entriesMoved", "entriesRemoved", "detailsChanged"],
            changes.Select(change => change.GetProperty("kind").GetString()));
        Assert.Equal(
            Enumerable.Range((int)since + 1, 4), changes.Select(change => change.GetProperty("version").GetInt32()));
        Assert.All(changes, change => Assert.Equal(ana.Id, change.GetProperty("by").GetGuid()));
        Assert.Equal("start", changes[0].GetProperty("after").GetString());
        Assert.Equal(2, changes[1].GetProperty("after").GetInt32());
        Assert.Equal("[1]", changes[2].GetProperty("entryIds").GetRawText());
        Assert.Equal("""{"name":"Rail"}""", changes[3].GetProperty("details").GetRawText());
        Assert.Equal(
            "First light",
            changes[0].GetProperty("entries")[0].GetProperty("track").GetProperty("title").GetString());
        Assert.Equal(since + 4, caughtUp.GetProperty("version").GetInt64());

        var nothing = await ana.Get($"{playlist}/changes?since={since + 4}");
        Assert.Empty(nothing.Body.GetProperty("changes").EnumerateArray());
        Assert.Equal(
            HttpStatusCode.NotModified, (await ana.Get($"{playlist}/changes?since={since + 4}", nothing.ETag)).Status);
    }

    [Fact]
    public async Task Who_has_no_version_gets_a_snapshot()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(2));

        var snapshot = (await ana.Get($"{playlist}/changes")).Expect(HttpStatusCode.OK).Body.GetProperty("snapshot");

        Assert.Equal("Road", snapshot.GetProperty("playlist").GetProperty("name").GetString());
        Assert.Equal(2, snapshot.GetProperty("firstPage").GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_timeline_tells_who_did_what_newest_first()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        for (var i = 0; i < 5; i++)
            await ana.Post($"{playlist}/operations", Append($"op-{i}", Person.NewTracks(1)));

        var first = (await ana.Get($"{playlist}/history?limit=4")).Expect(HttpStatusCode.OK).Body;
        var cursor = first.GetProperty("nextCursor").GetString();
        var rest = (await ana.Get($"{playlist}/history?limit=4&cursor={cursor}")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(["op-4", "op-3", "op-2", "op-1"], Operations(first));
        Assert.Equal(["op-0", null], Operations(rest));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextCursor").ValueKind);
        var newest = first.GetProperty("items")[0];
        Assert.Equal(ana.Id, newest.GetProperty("by").GetGuid());
        Assert.Equal("entriesAdded", newest.GetProperty("changes")[0].GetProperty("kind").GetString());
        Assert.Equal("created", rest.GetProperty("items")[1].GetProperty("changes")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Two_versions_can_be_compared()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(4));
        var from = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        await ana.Apply(
            playlist,
            new { kind = "append", trackIds = Person.NewTracks(1) },
            new { kind = "remove", entryIds = new[] { 2 } },
            new { kind = "move", entryIds = new[] { 4 }, after = "start" },
            new { kind = "setDetails", name = "Rail" });
        var to = (await ana.Read(playlist)).GetProperty("version").GetInt64();

        var diff = (await ana.Get($"{playlist}/diff?from={from}&to={to}")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal([5], Ids(diff.GetProperty("added")));
        Assert.Equal(3, diff.GetProperty("added")[0].GetProperty("after").GetInt32());
        Assert.Equal([2], Ids(diff.GetProperty("removed")));
        Assert.Equal([4], Ids(diff.GetProperty("moved")));
        Assert.Equal("start", diff.GetProperty("moved")[0].GetProperty("after").GetString());
        Assert.Equal("""{"name":"Rail"}""", diff.GetProperty("details").GetRawText());
        Assert.False(diff.GetProperty("truncated").GetBoolean());

        Assert.Equal(["from", "to"], (await ana.Get($"{playlist}/diff")).Expect(HttpStatusCode.BadRequest).Fields());
        (await ana.Get($"{playlist}/diff?from=1&to=99")).Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task An_operation_is_taken_back_and_later_ones_stay()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(5));
        await ana.Post($"{playlist}/operations", new
        {
            operationId = "mistake",
            ops = new[] { new { kind = "remove", entryIds = new[] { 2, 3 } } },
        });
        await ana.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });

        var undone = (await ana.Post($"{playlist}/undo", new { operationId = "mistake" }, key: "u1"))
            .Expect(HttpStatusCode.OK);

        Assert.Equal([1, 2, 3, 4, 5, 6], await ana.EntryIds(playlist));
        var repeated = await ana.Post($"{playlist}/undo", new { operationId = "mistake" }, key: "u1");
        Assert.Equal(undone.Text, repeated.Text);
        (await ana.Post($"{playlist}/undo", new { operationId = "never" }))
            .Expect(HttpStatusCode.Conflict, "not_undoable");
        Assert.Equal(
            ["operationId"], (await ana.Post($"{playlist}/undo", new { })).Expect(HttpStatusCode.BadRequest).Fields());
    }

    [Fact]
    public async Task A_version_is_brought_back_by_new_events()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(5));
        var version = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        await ana.Apply(
            playlist,
            new { kind = "remove", entryIds = new[] { 1, 2 } },
            new { kind = "append", trackIds = Person.NewTracks(3) },
            new { kind = "setDetails", name = "Rail" });

        var reverted = (await ana.Post($"{playlist}/revert", new { toVersion = version })).Expect(HttpStatusCode.OK);

        Assert.Equal([1, 2, 3, 4, 5], await ana.EntryIds(playlist));
        Assert.Equal("Road", (await ana.Read(playlist)).GetProperty("name").GetString());
        Assert.True(reverted.Body.GetProperty("version").GetInt64() > version + 3);
        (await ana.Post($"{playlist}/revert", new { toVersion = 99 }))
            .Expect(HttpStatusCode.BadRequest, "invalid_request");
        (await ana.Post($"{playlist}/revert", new { })).Expect(HttpStatusCode.BadRequest, "invalid_request");
        (await ana.Post($"{playlist}/revert", new { toVersion = 1, userId = ana.Id }))
            .Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task What_a_vandal_removed_comes_back_in_place_and_others_work_stays()
    {
        using var ana = await Person.SignUp(server);
        using var vandal = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(600));
        await ana.Put($"{playlist}/collaborators/{vandal.Id}", new { role = "editor" });
        await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "editor" });
        var since = (await ana.Read(playlist)).GetProperty("changedAt").GetDateTimeOffset();

        // 1 to 500 go in fifty bites, while Bo adds after what is about to go and moves what stays.
        var added = new List<int>();
        for (var bite = 0; bite < 50; bite++)
        {
            var doomed = Enumerable.Range((bite * 10) + 1, 10).ToArray();
            if (bite % 5 == 0)
            {
                var result = await bo.Apply(
                    playlist, new { kind = "insert", trackIds = Person.NewTracks(1), after = doomed[4] });
                added.Add(result.GetProperty("results")[0].GetProperty("entryIds")[0].GetInt32());
            }

            await vandal.Apply(playlist, new { kind = "remove", entryIds = doomed });
        }

        await bo.Apply(playlist, new { kind = "move", entryIds = new[] { 600 }, after = 501 });

        (await ana.Post($"{playlist}/revert", new { userId = vandal.Id, since })).Expect(HttpStatusCode.OK);

        var expected = Enumerable.Range(1, 500)
            .SelectMany(id => id % 50 == 5 ? (int[])[id, added[id / 50]] : [id])
            .Concat([501, 600])
            .Concat(Enumerable.Range(502, 98));
        Assert.Equal(expected, await ana.EntryIds(playlist));
    }

    [Fact]
    public async Task A_fork_copies_a_version_as_the_callers_own()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var tracks = Person.NewTracks(3);
        var playlist = await ana.MakePlaylist("public", tracks);
        var version = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        await ana.Apply(playlist, new { kind = "remove", entryIds = new[] { 1 } });

        var past = (await bo.Post($"{playlist}/fork", new { version, name = "Mine" })).Expect(HttpStatusCode.Created);
        var present = (await bo.Post($"{playlist}/fork")).Expect(HttpStatusCode.Created);

        Assert.Equal("Mine", past.Body.GetProperty("name").GetString());
        Assert.Equal("owner", past.Body.GetProperty("role").GetString());
        Assert.Equal("private", past.Body.GetProperty("visibility").GetString());
        var origin = past.Body.GetProperty("forkedFrom");
        Assert.EndsWith(origin.GetProperty("playlistId").GetString()!, playlist);
        Assert.Equal(version, origin.GetProperty("version").GetInt64());
        Assert.Equal(tracks, await bo.TrackIds($"/playlists/{past.Body.GetProperty("id").GetGuid()}"));
        Assert.Equal(tracks[1..], await bo.TrackIds($"/playlists/{present.Body.GetProperty("id").GetGuid()}"));
        (await bo.Post($"{playlist}/fork", new { version = 99 })).Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    private static object Append(string operationId, IReadOnlyList<Guid> trackIds) =>
        new { operationId, ops = new[] { new { kind = "append", trackIds } } };

    private static IEnumerable<string?> Operations(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("operationId").GetString());

    private static int[] Ids(JsonElement entries) =>
        [.. entries.EnumerateArray().Select(entry => entry.GetProperty("entryId").GetInt32())];
}
