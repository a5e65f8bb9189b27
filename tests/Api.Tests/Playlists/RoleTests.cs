using System.Net;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Holds the REST routes to <see cref="RoleTable"/>, each cell on a playlist of its own.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class RoleTests(StandaloneServer server)
{
    /// <summary>
    /// What an action sends. The stage has entry 1 and operation "theirs" by the owner, entry 2 and operation "mine" by
    /// whoever acts (the owner in place of who may not add), suggestion 1 by the actor or another, invite 1, and a
    /// waiting user.
    /// </summary>
    private static readonly Dictionary<string, Func<Person, Stage, Task<Answer>>> Requests = new()
    {
        ["readPlaylist"] = (actor, stage) => actor.Get(stage.Playlist),
        ["readEntries"] = (actor, stage) => actor.Get($"{stage.Playlist}/entries"),
        ["readPastEntries"] = (actor, stage) => actor.Get($"{stage.Playlist}/entries?version=1"),
        ["readChanges"] = (actor, stage) => actor.Get($"{stage.Playlist}/changes?since=1"),
        ["readHistory"] = (actor, stage) => actor.Get($"{stage.Playlist}/history"),
        ["readDiff"] = (actor, stage) => actor.Get($"{stage.Playlist}/diff?from=1&to=2"),
        ["readCollaborators"] = (actor, stage) => actor.Get($"{stage.Playlist}/collaborators"),
        ["follow"] = (actor, stage) => actor.Put(stage.Playlist.Replace("/playlists", "/me/following")),
        ["fork"] = (actor, stage) => actor.Post($"{stage.Playlist}/fork"),
        ["suggestOrAppend"] = (actor, stage) => Operate(
            actor, stage, new { kind = "append", trackIds = Person.NewTracks(1) }),
        ["suggestOrInsert"] = (actor, stage) => Operate(
            actor, stage, new { kind = "insert", trackIds = Person.NewTracks(1), after = 1 }),
        ["addEntry"] = AddEntry,
        ["moveOwnEntry"] = (actor, stage) => Operate(
            actor, stage, new { kind = "move", entryIds = new[] { 2 }, after = "start" }),
        ["removeOwnEntry"] = (actor, stage) => Operate(actor, stage, new { kind = "remove", entryIds = new[] { 2 } }),
        ["moveOthersEntry"] = (actor, stage) => Operate(
            actor, stage, new { kind = "move", entryIds = new[] { 1 }, after = 2 }),
        ["removeOthersEntry"] = (actor, stage) => Operate(
            actor, stage, new { kind = "remove", entryIds = new[] { 1 } }),
        ["addByWholeList"] = (actor, stage) => actor.Put(
            $"{stage.Playlist}/entries", new { operationId = "a", trackIds = Person.NewTracks(1), baseVersion = 1 }),
        ["removeByWholeList"] = (actor, stage) => actor.Put(
            $"{stage.Playlist}/entries", new { operationId = "r", trackIds = Array.Empty<Guid>(), baseVersion = 2 }),
        ["setName"] = (actor, stage) => actor.Patch(stage.Playlist, new { name = "Rail" }),
        ["setDescription"] = (actor, stage) => Operate(actor, stage, new { kind = "setDetails", description = "d" }),
        ["setVisibility"] = (actor, stage) => actor.Patch(stage.Playlist, new { visibility = "unlisted" }),
        ["setDuplicates"] = (actor, stage) => Operate(actor, stage, new { kind = "setDetails", duplicates = "warn" }),
        ["undoOwnOperation"] = (actor, stage) => actor.Post($"{stage.Playlist}/undo", new { operationId = "mine" }),
        ["undoOthersOperation"] = (actor, stage) => actor.Post(
            $"{stage.Playlist}/undo", new { operationId = "theirs", userId = stage.Owner.Id }),
        ["revertToVersion"] = (actor, stage) => actor.Post($"{stage.Playlist}/revert", new { toVersion = 1 }),
        ["revertUser"] = (actor, stage) => actor.Post(
            $"{stage.Playlist}/revert", new { userId = stage.Guest.Id, since = DateTimeOffset.UnixEpoch }),
        ["readSuggestions"] = (actor, stage) => actor.Get($"{stage.Playlist}/suggestions"),
        ["withdrawSuggestion"] = (actor, stage) => actor.Post($"{stage.Playlist}/suggestions/2/decline"),
        ["approveSuggestion"] = (actor, stage) => actor.Post($"{stage.Playlist}/suggestions/1/approve"),
        ["declineSuggestion"] = (actor, stage) => actor.Post($"{stage.Playlist}/suggestions/1/decline"),
        ["setCollaborator"] = (actor, stage) => actor.Put(
            $"{stage.Playlist}/collaborators/{stage.Guest.Id}", new { role = "editor" }),
        ["removeCollaborator"] = (actor, stage) => actor.Delete($"{stage.Playlist}/collaborators/{stage.Guest.Id}"),
        ["createInvite"] = (actor, stage) => actor.Post($"{stage.Playlist}/invites", new { role = "viewer" }),
        ["readInvites"] = (actor, stage) => actor.Get($"{stage.Playlist}/invites"),
        ["revokeInvite"] = (actor, stage) => actor.Delete($"{stage.Playlist}/invites/1"),
        ["readJoinRequests"] = (actor, stage) => actor.Get($"{stage.Playlist}/join-requests"),
        ["approveJoinRequest"] = (actor, stage) => actor.Post(
            $"{stage.Playlist}/join-requests/{stage.Waiting.Id}/approve"),
        ["declineJoinRequest"] = (actor, stage) => actor.Post(
            $"{stage.Playlist}/join-requests/{stage.Waiting.Id}/decline"),
        ["deletePlaylist"] = (actor, stage) => actor.Delete(stage.Playlist),
    };

    public static TheoryData<Somebody> Everybody => [.. Enum.GetValues<Somebody>()];

    [Fact]
    public void Every_action_of_the_table_has_a_request() =>
        Assert.Equal(RoleTable.Verdicts.Keys.Order(), Requests.Keys.Order());

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Everybody_may_do_what_the_table_says_and_nothing_more(Somebody somebody)
    {
        using var stage = await Stage.Prepare(server, somebody);
        var wrong = new List<string>();
        var isFresh = false;
        foreach (var (action, verdicts) in RoleTable.Verdicts)
        {
            // What was refused, or only read, leaves the stage as it was.
            if (!isFresh)
                await stage.Set();
            var answer = await Requests[action](stage.Actor, stage);
            var heard = answer.Status < HttpStatusCode.BadRequest ? "ok" : answer.Code;
            isFresh = heard != "ok" || action.StartsWith("read", StringComparison.Ordinal);
            if (heard != verdicts[somebody])
                wrong.Add($"{action}: {heard} instead of {verdicts[somebody]}. {answer.Text}");
        }

        Assert.True(wrong.Count == 0, $"{somebody}\n{string.Join('\n', wrong)}");
    }

    private static Task<Answer> Operate(Person actor, Stage stage, object operation) => actor.Post(
        $"{stage.Playlist}/operations", new { operationId = Guid.CreateVersion7(), ops = new[] { operation } });

    /// <summary>Adding as such: where it only becomes a suggestion, the actor may not add.</summary>
    private static async Task<Answer> AddEntry(Person actor, Stage stage)
    {
        var answer = await Operate(actor, stage, new { kind = "append", trackIds = Person.NewTracks(1) });
        var isSuggested = answer.Status == HttpStatusCode.OK
            && answer.Body.GetProperty("results")[0].GetProperty("outcome").GetString() == "suggested";
        return isSuggested
            ? new Answer(
                HttpStatusCode.Forbidden,
                System.Text.Json.JsonSerializer.SerializeToElement(new { code = "forbidden" }), null, null, answer.Text)
            : answer;
    }

    private sealed class Stage : IDisposable
    {
        private Stage(Person owner, Person actor, Person guest, Person waiting, Somebody somebody) =>
            (Owner, Actor, Guest, Waiting, Somebody) = (owner, actor, guest, waiting, somebody);

        public Person Owner { get; }

        public Person Actor { get; }

        public Person Guest { get; }

        public Person Waiting { get; }

        public Somebody Somebody { get; }

        public string Playlist { get; private set; } = "";

        private string? Role => Somebody >= Somebody.Viewer ? Somebody.ToString().ToLowerInvariant() : null;

        public static async Task<Stage> Prepare(StandaloneServer server, Somebody somebody) => new(
            await Person.SignUp(server),
            somebody is Somebody.AnonymousAtPrivate or Somebody.AnonymousAtPublic
                ? Person.Stranger(server)
                : await Person.SignUp(server),
            await Person.SignUp(server),
            await Person.SignUp(server),
            somebody);

        /// <summary>A new playlist, with all that actions are about.</summary>
        public async Task Set()
        {
            var isPrivate = Somebody is Somebody.AnonymousAtPrivate or Somebody.MemberAtPrivate or >= Somebody.Viewer;
            Playlist = await Owner.MakePlaylist(isPrivate ? "private" : "public");
            await Append(Owner, "theirs");
            await Give(Guest, "suggester");
            await Suggest(Guest);

            // Who acts adds and suggests first, with the roles for it, then gets the role that the table is about.
            if (Actor.Id != Guid.Empty)
            {
                await Give(Actor, "contributor");
                await Append(Actor, "mine");
                await Give(Actor, "suggester");
                await Suggest(Actor);
                if (Role is null)
                    (await Owner.Delete($"{Playlist}/collaborators/{Actor.Id}")).Expect(HttpStatusCode.NoContent);
                else
                    await Give(Actor, Role);
            }

            await LetWait();
        }

        public void Dispose()
        {
            Owner.Dispose();
            Actor.Dispose();
            Guest.Dispose();
            Waiting.Dispose();
        }

        private async Task Give(Person person, string role) =>
            (await Owner.Put($"{Playlist}/collaborators/{person.Id}", new { role })).Expect(HttpStatusCode.OK);

        private async Task Append(Person person, string operationId) => (await person.Post(
            $"{Playlist}/operations",
            new { operationId, ops = new[] { new { kind = "append", trackIds = Person.NewTracks(1) } } }))
            .Expect(HttpStatusCode.OK);

        private async Task Suggest(Person person) =>
            await person.Apply(Playlist, new { kind = "append", trackIds = Person.NewTracks(1) });

        private async Task LetWait()
        {
            var invite = await Owner.Post($"{Playlist}/invites", new { role = "viewer", approval = true });
            var token = invite.Expect(HttpStatusCode.Created).Body.GetProperty("token").GetString();
            (await Waiting.Post($"/invites/{token}/accept")).Expect(HttpStatusCode.OK);
        }
    }
}
