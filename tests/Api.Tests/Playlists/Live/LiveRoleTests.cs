using IndiiMusic.Api.Tests.Hosting;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>Holds the hub to <see cref="RoleTable"/>, in all that can be done over it.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class LiveRoleTests(StandaloneServer server)
{
    /// <summary>What an action sends. Entry 1 is the owner's, entry 2 the actor's.</summary>
    private static readonly Dictionary<string, object> Operations = new()
    {
        ["suggestOrAppend"] = new { kind = "append", trackIds = Person.NewTracks(1) },
        ["suggestOrInsert"] = new { kind = "insert", trackIds = Person.NewTracks(1), after = 1 },
        ["moveOthersEntry"] = new { kind = "move", entryIds = new[] { 1 }, after = 2 },
        ["moveOwnEntry"] = new { kind = "move", entryIds = new[] { 2 }, after = "start" },
        ["setName"] = new { kind = "setDetails", name = "Rail" },
        ["setDescription"] = new { kind = "setDetails", description = "d" },
        ["setVisibility"] = new { kind = "setDetails", visibility = "unlisted" },
        ["setDuplicates"] = new { kind = "setDetails", duplicates = "warn" },
        ["removeOwnEntry"] = new { kind = "remove", entryIds = new[] { 2 } },
        ["removeOthersEntry"] = new { kind = "remove", entryIds = new[] { 1 } },
    };

    public static TheoryData<Somebody> EverybodySignedIn =>
        [.. Enum.GetValues<Somebody>().Except([Somebody.AnonymousAtPrivate, Somebody.AnonymousAtPublic])];

    [Theory]
    [MemberData(nameof(EverybodySignedIn))]
    public async Task Everybody_may_do_over_the_hub_what_the_table_says_and_nothing_more(Somebody somebody)
    {
        using var owner = await Person.SignUp(server);
        using var actor = await Person.SignUp(server);
        var isPublic = somebody == Somebody.MemberAtPublic;
        var playlist = await owner.MakePlaylist(isPublic ? "public" : "private", Person.NewTracks(1));
        await Give(owner, playlist, actor, "contributor");
        await actor.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });
        if (somebody >= Somebody.Viewer)
            await Give(owner, playlist, actor, somebody.ToString().ToLowerInvariant());
        else
            await owner.Delete($"{playlist}/collaborators/{actor.Id}");

        await using var client = new LivePlaylistClient(
            server.Address, Guid.Parse(playlist.Split('/')[^1]), () => Task.FromResult(actor.Token));
        await client.ConnectAsync(join: false);

        Assert.Equal(RoleTable.Verdicts["readChanges"][somebody], await Hear(() => client.JoinAsync()));
        foreach (var (action, operation) in Operations)
        {
            var heard = await Hear(() => client.SendAsync(action, [operation]));
            Assert.Equal((action, RoleTable.Verdicts[action][somebody]), (action, heard));
        }
    }

    [Fact]
    public async Task Nobody_watches_without_an_account()
    {
        using var http = server.CreateClient();

        using var answer = await http.PostAsync("/hubs/playlists/negotiate?negotiateVersion=1", null);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Contains("unauthenticated", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task Give(Person owner, string playlist, Person person, string role) =>
        (await owner.Put($"{playlist}/collaborators/{person.Id}", new { role })).Expect(System.Net.HttpStatusCode.OK);

    private static async Task<string?> Hear(Func<Task> call)
    {
        try
        {
            await call();
            return "ok";
        }
        catch (HubException failure)
        {
            return LivePlaylistClient.CodeOf(failure);
        }
    }
}
