using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Operations on entries, and merging whole lists.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class OperationsTests(StandaloneServer server)
{
    [Fact]
    public async Task Operations_apply_in_order_and_say_what_became_of_each()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(3));

        var result = await ana.Apply(
            playlist,
            new { kind = "append", trackIds = Person.NewTracks(1) },
            new { kind = "insert", trackIds = Person.NewTracks(2), after = 1 },
            new { kind = "move", entryIds = new[] { 4 }, after = "start" },
            new { kind = "remove", entryIds = new[] { 2, 3 } },
            new { kind = "remove", entryIds = new[] { 2 } },
            new { kind = "insert", trackIds = Person.NewTracks(1), after = 2 },
            new { kind = "setDetails", name = "Rail" });

        Assert.Equal(
            """
            applied [4]
            applied [5,6]
            applied [4]
            applied [2,3]
            noop [] unaffected [2]
            rebased [7]
            applied []
            """,
            Outcomes(result));
        Assert.Equal([4, 1, 5, 6, 7], await ana.EntryIds(playlist));
        var after = await ana.Read(playlist);
        Assert.Equal("Rail", after.GetProperty("name").GetString());
        foreach (var version in (string[])["version", "contentVersion", "detailsVersion"])
            Assert.Equal(after.GetProperty(version).GetInt64(), result.GetProperty(version).GetInt64());
    }

    [Fact]
    public async Task An_operation_sent_again_changes_nothing_and_gets_the_first_answer()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var body = new
        {
            operationId = "once",
            ops = new[] { new { kind = "append", trackIds = Person.NewTracks(2) } },
        };

        var first = (await ana.Post($"{playlist}/operations", body)).Expect(HttpStatusCode.OK);
        await ana.Apply(playlist, new { kind = "remove", entryIds = new[] { 1 } });
        var second = (await ana.Post($"{playlist}/operations", body)).Expect(HttpStatusCode.OK);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal([2], await ana.EntryIds(playlist));
    }

    [Fact]
    public async Task All_operations_of_a_command_apply_or_none()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(2));

        var failed = await ana.Post($"{playlist}/operations", new
        {
            operationId = "half",
            ops = new object[]
            {
                new { kind = "remove", entryIds = new[] { 1 } },
                new { kind = "remove", entryIds = new[] { 99 } },
            },
        });

        failed.Expect(HttpStatusCode.UnprocessableEntity, "unknown_entry");
        Assert.Equal([1, 2], await ana.EntryIds(playlist));
    }

    [Theory]
    [InlineData("""{}""", "operationId", "ops")]
    [InlineData("""{"operationId":"a","ops":[]}""", "ops")]
    [InlineData("""{"operationId":"a","ops":[null]}""", "ops[0].kind")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"shuffle"}]}""", "ops[0].kind")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"append"}]}""", "ops[0].trackIds")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"append","trackIds":[],"after":1}]}""", "ops[0].after")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"insert"},{"kind":"move"}]}""",
        "ops[0].trackIds", "ops[0].after", "ops[1].entryIds", "ops[1].after")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"remove","entryIds":[1]},{"kind":"setDetails"}]}""", "ops[1]")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"insert","trackIds":[],"after":"end"}]}""", "ops[0].after")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"insert","trackIds":[],"after":0}]}""", "ops[0].after")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"append","trackIds":["x"]}]}""", "ops[0].trackIds[0]")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"remove","entryIds":["1"]}]}""", "ops[0].entryIds[0]")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"remove","entryIds":[1],"position":3}]}""", "ops[0].position")]
    [InlineData("""{"operationId":7,"ops":[]}""", "operationId")]
    public async Task Operations_that_cannot_be_read_name_each_field(string body, params string[] fields)
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        var answer = await ana.Post($"{playlist}/operations", PlaylistTests.Json(body));

        answer.Expect(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(fields, answer.Fields());
    }

    [Fact]
    public async Task Limits_are_named()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var one = new { kind = "append", trackIds = Person.NewTracks(1) };

        (await ana.Post($"{playlist}/operations", new { operationId = "a", ops = Enumerable.Repeat(one, 101) }))
            .Expect(HttpStatusCode.UnprocessableEntity, "limit_exceeded");
        var many = new { kind = "append", trackIds = Person.NewTracks(501) };
        (await ana.Post($"{playlist}/operations", new { operationId = "a", ops = new[] { many } }))
            .Expect(HttpStatusCode.UnprocessableEntity, "limit_exceeded");
        (await ana.Post($"{playlist}/operations", new { operationId = new string('a', 101), ops = new[] { one } }))
            .Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_strict_command_holds_while_the_entries_are_at_its_version()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(2));
        var seen = await ana.Get($"{playlist}/entries");
        var contentVersion = seen.Body.GetProperty("contentVersion").GetInt64();
        await ana.Patch(playlist, new { name = "Rail" });

        (await Remove(1, "a", ifMatch: seen.ETag)).Expect(HttpStatusCode.OK);
        (await Remove(2, "b", ifMatch: seen.ETag)).Expect(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await Remove(2, "c", ifVersion: contentVersion))
            .Expect(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await Remove(2, "d", ifMatch: "\"1\"", ifVersion: 2)).Expect(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal([2], await ana.EntryIds(playlist));

        Task<Answer> Remove(int entryId, string operationId, string? ifMatch = null, long? ifVersion = null) =>
            ana.Post($"{playlist}/operations",
            new { operationId, ifVersion, ops = new[] { new { kind = "remove", entryIds = new[] { entryId } } } },
            ifMatch);
    }

    [Fact]
    public async Task The_duplicate_policy_warns_or_refuses()
    {
        using var ana = await Person.SignUp(server);
        var tracks = Person.NewTracks(2);
        var warned = await ana.MakePlaylist(trackIds: tracks, duplicates: "warn");
        var refused = await ana.MakePlaylist(trackIds: tracks, duplicates: "reject");
        var append = new { kind = "append", trackIds = new[] { tracks[1], Guid.CreateVersion7() } };

        var result = await ana.Apply(warned, append);

        Assert.Equal(
            $"[\"{tracks[1]}\"]", result.GetProperty("results")[0].GetProperty("duplicateTrackIds").GetRawText());
        (await ana.Post($"{refused}/operations", new { operationId = "a", ops = new[] { append } }))
            .Expect(HttpStatusCode.Conflict, "duplicate_track");
    }

    [Fact]
    public async Task A_hundred_deletions_over_ten_connections_each_sent_three_times_leave_the_rest()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(121));
        var entryIds = await ana.EntryIds(playlist);
        var doomed = entryIds.Where((_, index) => index % 6 != 5).Take(100).ToList();
        var connections = Enumerable.Range(0, 10).Select(_ => ana.AnotherConnection(server)).ToList();

        var answers = await Task.WhenAll(doomed.SelectMany((entryId, index) => Enumerable.Range(0, 3).Select(copy =>
            connections[(index + copy) % connections.Count].Post(
                $"{playlist}/operations",
                new
                {
                    operationId = $"remove-{entryId}",
                    ops = new[] { new { kind = "remove", entryIds = new[] { entryId } } },
                }))));

        Assert.All(answers, answer => answer.Expect(HttpStatusCode.OK));
        Assert.All(answers.Chunk(3), copies => Assert.Single(copies.Select(copy => copy.Text).Distinct()));
        Assert.Equal(entryIds.Except(doomed), await ana.EntryIds(playlist));
        Assert.Equal(21, (await ana.Read(playlist)).GetProperty("entryCount").GetInt32());
        connections.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_stale_whole_list_keeps_what_others_added_since_its_base()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var tracks = Person.NewTracks(4);
        var playlist = await ana.MakePlaylist(trackIds: tracks);
        await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "editor" });
        var baseVersion = (await ana.Get($"{playlist}/entries")).Body.GetProperty("version").GetInt64();
        var others = Person.NewTracks(2);
        await bo.Apply(playlist, new { kind = "insert", trackIds = others, after = 2 });

        // Ana, who knows whole lists only, takes the first away, swaps the last two and adds one.
        var added = Guid.CreateVersion7();
        var body = new
        {
            operationId = "whole",
            trackIds = new[] { tracks[1], tracks[3], tracks[2], added },
            baseVersion,
        };
        var merged = (await ana.Put($"{playlist}/entries", body)).Expect(HttpStatusCode.OK);

        var now = await ana.TrackIds(playlist);
        Assert.Equal([tracks[1], tracks[3], tracks[2], added], now.Except(others));
        Assert.True(now.IndexOf(others[0]) > now.IndexOf(tracks[1]));
        Assert.Equal(now.IndexOf(others[0]) + 1, now.IndexOf(others[1]));
        Assert.Equal(3, merged.Body.GetProperty("results").GetArrayLength());
        Assert.Equal(merged.Text, (await ana.Put($"{playlist}/entries", body)).Text);
        Assert.Equal(now, await ana.TrackIds(playlist));
    }

    [Fact]
    public async Task A_whole_list_needs_a_base_that_was()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(1));
        var entries = $"{playlist}/entries";
        var nothing = Array.Empty<Guid>();

        (await ana.Put(entries, new { operationId = "a", trackIds = nothing, baseVersion = 99 }))
            .Expect(HttpStatusCode.Conflict, "unknown_base_version");
        var incomplete = await ana.Put(entries, new { });
        incomplete.Expect(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(["operationId", "trackIds", "baseVersion"], incomplete.Fields());
        (await ana.Put(entries, new { operationId = "a", trackIds = nothing, baseVersion = 1 }, ifMatch: "\"1\""))
            .Expect(HttpStatusCode.PreconditionFailed, "version_mismatch");
    }

    private static string Outcomes(JsonElement result) => string.Join('\n', result.GetProperty("results")
        .EnumerateArray()
        .Select(operation =>
            $"{operation.GetProperty("outcome").GetString()} {operation.GetProperty("entryIds").GetRawText()}"
            + (operation.TryGetProperty("unaffectedEntryIds", out var left)
                ? $" unaffected {left.GetRawText()}"
                : "")));
}
