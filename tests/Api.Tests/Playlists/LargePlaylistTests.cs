using System.Net;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>A playlist of as many entries as one can have, over REST.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class LargePlaylistTests(StandaloneServer server)
{
    private const int EntriesMax = 100_000;

    [Fact]
    public async Task A_hundred_thousand_entries_are_added_paged_edited_and_no_more_fit()
    {
        using var ana = await Person.SignUp(server);
        var tracks = Person.NewTracks(500);
        var playlist = await ana.MakePlaylist();
        for (var done = 0; done < EntriesMax; done += 25_000)
        {
            var ops = Enumerable.Repeat(new { kind = "append", trackIds = tracks }, 50);
            (await ana.Post($"{playlist}/operations", new { operationId = $"fill-{done}", ops }))
                .Expect(HttpStatusCode.OK);
        }

        (await ana.Post(
            $"{playlist}/operations",
            new { operationId = "more", ops = new[] { new { kind = "append", trackIds = tracks[..1] } } }))
            .Expect(HttpStatusCode.UnprocessableEntity, "limit_exceeded");

        var version = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        await ana.Apply(
            playlist,
            new { kind = "move", entryIds = new[] { EntriesMax }, after = "start" },
            new { kind = "remove", entryIds = new[] { 50_000 } });

        var present = await ana.EntryIds(playlist);
        var past = await ana.Entries(playlist, $"limit=500&version={version}");

        Assert.Equal(
            Enumerable.Range(1, EntriesMax - 1).Where(entryId => entryId != 50_000).Prepend(EntriesMax), present);
        Assert.Equal(
            Enumerable.Range(1, EntriesMax), past.Select(entry => entry.GetProperty("entryId").GetInt32()));
    }
}
