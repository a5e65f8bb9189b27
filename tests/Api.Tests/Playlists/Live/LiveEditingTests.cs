using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>Live editing as users meet it: real playlists, real tokens, real sockets.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class LiveEditingTests(StandaloneServer server)
{
    [Fact]
    public async Task Two_who_type_at_once_end_with_the_same_list()
    {
        using var owner = await Person.SignUp(server);
        using var editor = await Person.SignUp(server);
        var playlist = await SharedAsync(owner, editor);
        await using var one = await WatchAsync(owner, playlist);
        await using var two = await WatchAsync(editor, playlist);

        await Task.WhenAll(TypeAsync(one, "one"), TypeAsync(two, "two"));

        await AssertSameAsync(owner, playlist, one, two);
        Assert.Equal(100, one.Entries.Count);

        static async Task TypeAsync(LivePlaylistClient client, string name)
        {
            for (var i = 0; i < 50; i++)
            {
                await client.SendAsync(
                    $"{name}-{i}", [new { kind = "insert", trackIds = Person.NewTracks(1), after = "start" }]);
            }
        }
    }

    [Fact]
    public async Task An_edit_over_REST_reaches_who_watches_and_says_whose_operation_it_was()
    {
        using var owner = await Person.SignUp(server);
        var playlist = await owner.MakePlaylist();
        await using var client = await WatchAsync(owner, playlist);
        var changes = new List<JsonElement>();
        client.OnChanged = message => changes.AddRange(message.GetProperty("changes").EnumerateArray());
        var track = await Person.EnterTrack(server, "A title");

        var operationId = Guid.CreateVersion7();
        await owner.Post(
            $"{playlist}/operations",
            new { operationId, ops = new[] { new { kind = "append", trackIds = new[] { track } } } });
        await AssertSameAsync(owner, playlist, client);

        var change = Assert.Single(changes);
        Assert.Equal(operationId.ToString(), change.GetProperty("operationId").GetString());
        Assert.Equal(owner.Id, change.GetProperty("by").GetGuid());
        var shown = change.GetProperty("entries")[0].GetProperty("track");
        Assert.Equal("A title", shown.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_long_list_comes_as_a_snapshot_and_pages_of_the_same_version()
    {
        using var owner = await Person.SignUp(server);
        var playlist = await owner.MakePlaylist(trackIds: Person.NewTracks(1_200));
        await using var client = Client(owner, playlist);

        await client.ConnectAsync();
        await owner.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });

        await AssertSameAsync(owner, playlist, client);
        Assert.Equal(1_201, client.Entries.Count);
    }

    [Fact]
    public async Task An_operation_sent_again_over_a_new_connection_gets_its_first_answer()
    {
        using var owner = await Person.SignUp(server);
        var playlist = await owner.MakePlaylist();
        await using var client = await WatchAsync(owner, playlist);
        object[] ops = [new { kind = "append", trackIds = Person.NewTracks(1) }];

        var first = await client.SendAsync("once", ops);
        await client.DropAsync();
        await client.ConnectAsync();
        var second = await client.SendAsync("once", ops);

        Assert.Equal(first.GetRawText(), second.GetRawText());
        await AssertSameAsync(owner, playlist, client);
        Assert.Single(client.Entries);
    }

    [Fact]
    public async Task A_collaborator_who_is_removed_is_told_and_hears_no_more()
    {
        using var owner = await Person.SignUp(server);
        using var editor = await Person.SignUp(server);
        var playlist = await SharedAsync(owner, editor);
        await using var client = await WatchAsync(editor, playlist);

        await owner.Delete($"{playlist}/collaborators/{editor.Id}");
        await LiveRoomTests.Eventually(() => client.ClosedReason is not null);
        var failure = await Assert.ThrowsAsync<HubException>(() => client.JoinAsync());

        Assert.Equal("removed", client.ClosedReason);
        Assert.Equal("not_found", LivePlaylistClient.CodeOf(failure));
    }

    [Fact]
    public async Task Who_is_there_and_what_they_do_is_shown_to_all()
    {
        using var owner = await Person.SignUp(server);
        using var editor = await Person.SignUp(server);
        var playlist = await SharedAsync(owner, editor);
        await using var one = await WatchAsync(owner, playlist);
        var two = await WatchAsync(editor, playlist);

        await two.InvokeAsync("SetPresence", [IdOf(playlist).ToString(), new { action = "dragging", entryId = 7 }]);
        await LiveRoomTests.Eventually(() => People(one) is [{ } first, _]
            && first.GetProperty("focus").GetProperty("action").GetString() == "dragging");
        var dragging = People(one)[0];
        await two.DisposeAsync();
        await LiveRoomTests.Eventually(() => People(one) is [_]);

        Assert.Equal(editor.Id, dragging.GetProperty("userId").GetGuid());
        Assert.Equal(7, dragging.GetProperty("focus").GetProperty("entryId").GetInt32());
        Assert.False(string.IsNullOrEmpty(dragging.GetProperty("displayName").GetString()));

        static List<JsonElement> People(LivePlaylistClient client) => client.Presence.ValueKind == JsonValueKind.Object
            ? [.. client.Presence.GetProperty("people").EnumerateArray()]
            : [];
    }

    [Fact]
    public async Task Anybody_who_is_signed_in_may_watch_a_public_playlist()
    {
        using var owner = await Person.SignUp(server);
        using var stranger = await Person.SignUp(server);
        var playlist = await owner.MakePlaylist("public");
        await using var client = await WatchAsync(stranger, playlist);

        await owner.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });
        await AssertSameAsync(owner, playlist, client);
    }

    [Fact]
    public async Task Twenty_who_edit_at_random_over_connections_that_drop_end_with_the_same_list()
    {
        const int people = 20;
        const int operations = 100;
        using var owner = await Person.SignUp(server);
        var playlist = await owner.MakePlaylist(trackIds: Person.NewTracks(50));
        var clients = new List<LivePlaylistClient>();
        var persons = new List<Person>();
        for (var i = 0; i < people; i++)
        {
            var person = await Person.SignUp(server);
            await owner.Put($"{playlist}/collaborators/{person.Id}", new { role = "editor" });
            persons.Add(person);
            clients.Add(Client(person, playlist));
        }

        var acknowledged = await Task.WhenAll(clients.Select((client, i) =>
            new RandomEditor(client, new Random(i), $"p{i}").RunAsync(operations)));

        await AssertSameAsync(owner, playlist, [.. clients]);
        var added = acknowledged.SelectMany(entryIds => entryIds).ToList();
        Assert.Equal(added.Count, added.Distinct().Count());
        var history = clients[0].Version!.Value;
        Assert.True(history > people * operations / 2, $"Only {history} versions were made.");
        foreach (var client in clients)
            await client.DisposeAsync();
        persons.ForEach(person => person.Dispose());
    }

    private async Task<string> SharedAsync(Person owner, Person editor)
    {
        var playlist = await owner.MakePlaylist();
        (await owner.Put($"{playlist}/collaborators/{editor.Id}", new { role = "editor" }))
            .Expect(System.Net.HttpStatusCode.OK);
        return playlist;
    }

    private async Task<LivePlaylistClient> WatchAsync(Person person, string playlist)
    {
        var client = Client(person, playlist);
        await client.ConnectAsync();
        return client;
    }

    private LivePlaylistClient Client(Person person, string playlist) => new(
        server.Address,
        IdOf(playlist),
        () => Task.FromResult(person.Token),
        async (version, cursor) =>
            (await person.Get($"{playlist}/entries?version={version}&cursor={cursor}&limit=500")).Body);

    private async Task AssertSameAsync(Person owner, string playlist, params LivePlaylistClient[] clients)
    {
        var versions = await server.Grains.GetGrain<IPlaylistGrain>(IdOf(playlist)).GetVersions(Actor.User(owner.Id));
        var expected = await owner.EntryIds(playlist);
        foreach (var client in clients)
        {
            await client.WaitForAsync(versions.Version);
            Assert.Empty(client.Violations);
            Assert.Equal(versions.Version, client.Version);
            Assert.Equal(expected, client.Entries.Select(entry => entry.EntryId));
        }
    }

    private static Guid IdOf(string playlist) => Guid.Parse(playlist.Split('/')[^1]);
}
