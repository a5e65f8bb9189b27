using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Collaborators, invites, join requests and suggestions.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class SharingTests(StandaloneServer server)
{
    [Fact]
    public async Task Collaborators_are_set_listed_and_removed()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        var set = (await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "editor" }))
            .Expect(HttpStatusCode.OK);
        Assert.Equal("editor", set.Body.GetProperty("role").GetString());
        Assert.NotEmpty(set.Body.GetProperty("username").GetString()!);
        Assert.Equal("editor", (await bo.Read(playlist)).GetProperty("role").GetString());

        var first = (await bo.Get($"{playlist}/collaborators?limit=1")).Expect(HttpStatusCode.OK).Body;
        var cursor = first.GetProperty("nextCursor").GetString();
        var second = (await bo.Get($"{playlist}/collaborators?limit=1&cursor={cursor}")).Expect(HttpStatusCode.OK).Body;
        Assert.Equal(
            new[] { ana.Id, bo.Id }.Order(),
            new[] { first, second }
                .Select(page => page.GetProperty("items")[0].GetProperty("userId").GetGuid())
                .Order());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);

        (await ana.Delete($"{playlist}/collaborators/{bo.Id}")).Expect(HttpStatusCode.NoContent);
        (await bo.Get(playlist)).Expect(HttpStatusCode.NotFound, "not_found");
        (await ana.Delete($"{playlist}/collaborators/{bo.Id}")).Expect(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"role":"king"}""")]
    [InlineData("""{"role":5}""")]
    public async Task A_role_that_is_none_is_refused(string body)
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        var answer = await ana.Put($"{playlist}/collaborators/{bo.Id}", PlaylistTests.Json(body));

        Assert.Equal(["role"], answer.Expect(HttpStatusCode.BadRequest, "invalid_request").Fields());
    }

    [Fact]
    public async Task A_role_goes_to_users_only()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        (await ana.Put($"{playlist}/collaborators/{Guid.CreateVersion7()}", new { role = "viewer" }))
            .Expect(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Ownership_is_transferred_and_never_lost()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        (await ana.Delete($"{playlist}/collaborators/{ana.Id}")).Expect(HttpStatusCode.Conflict, "last_owner");
        (await ana.Put($"{playlist}/collaborators/{ana.Id}", new { role = "viewer" }))
            .Expect(HttpStatusCode.Conflict, "last_owner");

        (await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "owner" })).Expect(HttpStatusCode.OK);
        (await ana.Put($"{playlist}/collaborators/{ana.Id}", new { role = "viewer" })).Expect(HttpStatusCode.OK);
        (await bo.Delete(playlist)).Expect(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("?removeEntries=true", 1)]
    public async Task Who_is_removed_leaves_entries_behind_unless_asked_otherwise(string query, int left)
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(1));
        await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "contributor" });
        await bo.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(2) });

        (await ana.Delete($"{playlist}/collaborators/{bo.Id}{query}")).Expect(HttpStatusCode.NoContent);

        Assert.Equal(left, (await ana.EntryIds(playlist)).Count);
    }

    [Fact]
    public async Task An_invite_lets_in_as_many_as_it_says()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        using var cy = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var invite = (await ana.Post($"{playlist}/invites", new { role = "contributor", maxUses = 1 }))
            .Expect(HttpStatusCode.Created);
        var token = invite.Body.GetProperty("token").GetString();
        Assert.EndsWith($"{playlist}/invites/{invite.Body.GetProperty("inviteId").GetInt32()}", invite.Location);

        var accepted = (await bo.Post($"/invites/{token}/accept")).Expect(HttpStatusCode.OK);

        Assert.Equal("contributor", accepted.Body.GetProperty("role").GetString());
        Assert.False(accepted.Body.GetProperty("awaitsApproval").GetBoolean());
        Assert.EndsWith(accepted.Body.GetProperty("playlistId").GetString()!, playlist);
        Assert.Equal("contributor", (await bo.Read(playlist)).GetProperty("role").GetString());
        (await bo.Post($"/invites/{token}/accept")).Expect(HttpStatusCode.OK);
        (await cy.Post($"/invites/{token}/accept")).Expect(HttpStatusCode.Gone, "invite_unusable");
    }

    [Fact]
    public async Task An_invite_is_listed_without_its_token_and_can_be_withdrawn()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var made = (await ana.Post($"{playlist}/invites", new { role = "viewer" })).Body;

        var listed = (await ana.Get($"{playlist}/invites")).Expect(HttpStatusCode.OK).Body.GetProperty("items");
        Assert.Equal(1, listed.GetArrayLength());
        Assert.False(listed[0].TryGetProperty("token", out _));
        Assert.DoesNotContain(made.GetProperty("token").GetString()!, listed.GetRawText());

        var path = $"{playlist}/invites/{made.GetProperty("inviteId").GetInt32()}";
        (await ana.Delete(path)).Expect(HttpStatusCode.NoContent);
        (await ana.Delete(path)).Expect(HttpStatusCode.NoContent);
        (await bo.Post($"/invites/{made.GetProperty("token").GetString()}/accept"))
            .Expect(HttpStatusCode.Gone, "invite_unusable");
        Assert.Empty((await ana.Get($"{playlist}/invites")).Body.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_token_that_is_none_tells_nothing()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var invite = await ana.Post($"{playlist}/invites", new { role = "viewer" });
        var token = invite.Body.GetProperty("token").GetString()!;
        await ana.Delete(playlist);
        var forged = string.Concat(token.AsSpan(0, token.Length - 4), "AAAA");

        foreach (var tried in (string[])[token, forged, "x", new string('A', 48)])
            (await bo.Post($"/invites/{tried}/accept")).Expect(HttpStatusCode.Gone, "invite_unusable");
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"role":"owner"}""")]
    [InlineData("""{"role":"viewer","maxUses":0}""")]
    [InlineData("""{"role":"viewer","expiresAt":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"role":"viewer","expiresAt":"2199-01-01T00:00:00"}""")]
    public async Task An_invite_that_could_let_nobody_in_is_refused(string body)
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        (await ana.Post($"{playlist}/invites", PlaylistTests.Json(body)))
            .Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task An_invite_may_ask_an_owner_first()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        using var cy = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var token = (await ana.Post($"{playlist}/invites", new { role = "editor", approval = true }))
            .Body.GetProperty("token").GetString();

        foreach (var person in (Person[])[bo, cy])
        {
            var asked = (await person.Post($"/invites/{token}/accept")).Expect(HttpStatusCode.OK).Body;
            Assert.True(asked.GetProperty("awaitsApproval").GetBoolean());
            Assert.Equal(JsonValueKind.Null, asked.GetProperty("role").ValueKind);
        }

        (await bo.Get(playlist)).Expect(HttpStatusCode.NotFound, "not_found");
        var requests = (await ana.Get($"{playlist}/join-requests")).Expect(HttpStatusCode.OK).Body.GetProperty("items");
        Assert.Equal(
            [bo.Id, cy.Id], requests.EnumerateArray().Select(request => request.GetProperty("userId").GetGuid()));

        (await ana.Post($"{playlist}/join-requests/{bo.Id}/approve")).Expect(HttpStatusCode.NoContent);
        (await ana.Post($"{playlist}/join-requests/{cy.Id}/decline")).Expect(HttpStatusCode.NoContent);

        Assert.Equal("editor", (await bo.Read(playlist)).GetProperty("role").GetString());
        (await cy.Get(playlist)).Expect(HttpStatusCode.NotFound, "not_found");
        (await ana.Post($"{playlist}/join-requests/{cy.Id}/approve")).Expect(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_suggestion_waits_for_an_editor()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(2));
        await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "suggester" });
        var wanted = Person.NewTracks(3);

        var suggested = await bo.Apply(playlist, new { kind = "insert", trackIds = wanted[..2], after = "start" });
        await bo.Apply(playlist, new { kind = "append", trackIds = wanted[2..] });

        Assert.Equal("suggested", suggested.GetProperty("results")[0].GetProperty("outcome").GetString());
        Assert.Equal(1, suggested.GetProperty("results")[0].GetProperty("suggestionId").GetInt32());
        Assert.Equal(2, (await bo.EntryIds(playlist)).Count);
        var waiting = (await ana.Get($"{playlist}/suggestions")).Expect(HttpStatusCode.OK).Body.GetProperty("items");
        Assert.Equal(2, waiting.GetArrayLength());
        Assert.Equal("start", waiting[0].GetProperty("after").GetString());
        Assert.False(waiting[1].TryGetProperty("after", out _));
        Assert.Equal(
            wanted[..2],
            waiting[0].GetProperty("tracks").EnumerateArray().Select(track => track.GetProperty("trackId").GetGuid()));
        (await bo.Post($"{playlist}/suggestions/1/approve")).Expect(HttpStatusCode.Forbidden, "forbidden");

        var approved = (await ana.Post($"{playlist}/suggestions/1/approve")).Expect(HttpStatusCode.OK).Body;
        (await ana.Post($"{playlist}/suggestions/2/decline")).Expect(HttpStatusCode.OK);

        Assert.Equal("[3,4]", approved.GetProperty("results")[0].GetProperty("entryIds").GetRawText());
        var entries = await ana.Entries(playlist);
        Assert.Equal([3, 4, 1, 2], entries.Select(entry => entry.GetProperty("entryId").GetInt32()));
        Assert.Equal(bo.Id, entries[0].GetProperty("addedBy").GetGuid());
        (await ana.Post($"{playlist}/suggestions/2/approve")).Expect(HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await ana.Get($"{playlist}/suggestions")).Body.GetProperty("items").EnumerateArray());
    }
}
