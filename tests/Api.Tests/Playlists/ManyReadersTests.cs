using System.Net;
using IndiiMusic.Api.Tests.Hosting;

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
}
