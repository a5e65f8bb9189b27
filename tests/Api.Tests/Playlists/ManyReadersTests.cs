using System.Net;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Readers of one playlist at the same moment, who share questions to it but no answers.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class ManyReadersTests(StandaloneServer server)
{
    [Fact]
    public async Task Each_of_many_readers_gets_the_answer_that_is_theirs()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        using var stranger = Person.Stranger(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(3));

        var answers = await Task.WhenAll(Enumerable.Range(0, 90).Select(async turn =>
        {
            var reader = (turn % 3) switch { 0 => ana, 1 => bo, _ => stranger };
            return (reader, (await reader.Get($"{playlist}/entries")).Status);
        }));

        Assert.All(answers, answer => Assert.Equal(
            answer.reader == ana ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.Status));
    }

    [Fact]
    public async Task Who_reads_after_an_edit_was_answered_reads_the_edit_however_many_others_read()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist("public");
        using var done = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!done.IsCancellationRequested)
                await bo.Get($"{playlist}/entries");
        }).ToList();

        for (var count = 1; count <= 30; count++)
        {
            await ana.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });
            var read = (await ana.Get($"{playlist}/entries")).Expect(HttpStatusCode.OK);
            Assert.Equal(count, read.Body.GetProperty("entryCount").GetInt32());
        }

        await done.CancelAsync();
        await Task.WhenAll(crowd);
    }

    [Fact]
    public async Task A_playlist_is_read_past_its_grain_while_it_is_active_and_no_longer()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var id = Guid.Parse(playlist.AsSpan(playlist.LastIndexOf('/') + 1));
        var version = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        var local = server.Services.GetRequiredService<ILocalPlaylists>();

        Assert.Equal(version, local.FindVersions(id, Actor.User(ana.Id))?.Version);
        var refused = Assert.Throws<IndiiException>(() => local.FindVersions(id, Actor.User(bo.Id)));
        Assert.Equal(ErrorCode.NotFound, refused.Code);

        await server.Grains.GetGrain<IPlaylistGrain>(id).Cast<IGrainManagementExtension>().DeactivateOnIdle();
        while (local.FindVersions(id, Actor.User(ana.Id)) is not null)
            await Task.Delay(10);

        (await ana.Get($"{playlist}/entries")).Expect(HttpStatusCode.OK);
        Assert.Equal(version, local.FindVersions(id, Actor.User(ana.Id))?.Version);
    }
}
