using System.Net.Http.Headers;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Api.Tests.Playlists;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace IndiiMusic.Api.Tests.Redis;

[Collection(RedisCollection.Name)]
[Trait("Server", "Redis")]
public sealed class SharedCardTests(TwoGateways gateways)
{
    private SharedCards Cards => gateways.Clients[0].GetRequiredService<SharedCards>();

    [Fact]
    public async Task A_changed_title_shows_at_the_other_gateway_at_once()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var (ana, second, trackId, playlist) = await ListenToAsync("Before");

        Assert.Equal("Before", await TitleAsync(second, playlist));
        await ana.Patch($"/tracks/{trackId}", new { title = "After" });

        await TwoGateways.UntilAsync(async () => await TitleAsync(second, playlist) == "After", seconds: 1);
        second.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_gap_nothing_that_was_kept_before_it_is_shown(bool isTold)
    {
        await gateways.UntilRedisIsAsync("healthy");
        var (ana, second, trackId, playlist) = await ListenToAsync("Before");
        Assert.Equal("Before", await TitleAsync(second, playlist));
        await gateways.Redis.StopAsync();
        try
        {
            // The second is told later, or never: as by a gateway that died.
            if (isTold)
            {
                await ana.Patch($"/tracks/{trackId}", new { title = "After" });
            }
            else
            {
                await gateways.Grains.GetGrain<ITrackGrain>(trackId).Edit(
                    Actor.User(ana.Id), new EditTrack(Title: "After"), ifRevision: null, CancellationToken.None);
            }

            Assert.Equal("Before", await TitleAsync(second, playlist));
            await gateways.UntilRedisIsAsync("degraded");
        }
        finally
        {
            await gateways.Redis.StartAsync();
        }

        await gateways.UntilRedisIsAsync("healthy");
        Assert.Equal("After", await TitleAsync(second, playlist));
        second.Dispose();
    }

    [Fact]
    public async Task A_page_of_cards_is_one_question()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var cards = Enumerable.Range(0, 100).Select(i => Card($"Track {i}")).ToList();
        Cards.Keep(cards, TimeSpan.FromMinutes(1));
        var ids = cards.Select(card => card.TrackId).ToHashSet();
        await TwoGateways.UntilAsync(async () =>
        {
            var found = new Dictionary<Guid, TrackCard>();
            await Cards.FindAsync([.. ids], found);
            return found.Count == ids.Count;
        });
        await gateways.CallAsync(database => database.ExecuteAsync("CONFIG", "RESETSTAT"));

        var (missing, found) = (ids, new Dictionary<Guid, TrackCard>());
        await Cards.FindAsync(missing, found);

        Assert.Empty(missing);
        Assert.Equal("Track 42", found[cards[42].TrackId].Title);
        Assert.Equal(cards[42].Artists.AsEnumerable(), found[cards[42].TrackId].Artists.AsEnumerable());
        var commands = (string)(await gateways.CallAsync(database => database.ExecuteAsync("INFO", "commandstats")))!;
        Assert.Contains("cmdstat_mget:calls=1,", commands, StringComparison.Ordinal);
        Assert.DoesNotContain("cmdstat_get:", commands, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_was_read_before_a_change_is_not_written_after_it()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var old = Card("Old");
        await Cards.ForgetAsync(old.TrackId);

        Cards.Keep([old], TimeSpan.FromMinutes(1));

        // One that is written after it tells that the other was too.
        var later = Card("Later");
        Cards.Keep([later], TimeSpan.FromMinutes(1));
        var found = new Dictionary<Guid, TrackCard>();
        await TwoGateways.UntilAsync(async () =>
        {
            await Cards.FindAsync([old.TrackId, later.TrackId], found);
            return found.ContainsKey(later.TrackId);
        });
        Assert.DoesNotContain(old.TrackId, found.Keys);
    }

    [Fact]
    public async Task What_is_no_card_counts_as_missing()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var trackId = Guid.CreateVersion7();
        await gateways.CallAsync(database => database.StringSetAsync(
            $"indiimusic:card:v{SharedCards.ShapeVersion}:{trackId:N}", "garbage", TimeSpan.FromSeconds(5)));
        var missing = new HashSet<Guid> { trackId };

        await Cards.FindAsync(missing, []);

        Assert.Single(missing);
    }

    private static TrackCard Card(string title) => new(
        Guid.CreateVersion7(), title, ["Ana", "Bo"], "Album", 1_000, TrackVisibility.Members, OwnerId: null, true);

    /// <summary>Ana with a track in a playlist, and a client of hers at the second gateway.</summary>
    private async Task<(Person Ana, HttpClient Second, Guid TrackId, string Playlist)> ListenToAsync(string title)
    {
        var ana = await Person.SignUp(gateways);
        var trackId = await Person.EnterTrack(gateways, title, ownerId: ana.Id);
        var playlist = await ana.MakePlaylist(trackIds: [trackId]);
        var second = gateways.CreateSecondClient();
        second.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ana.Token);
        return (ana, second, trackId, playlist);
    }

    private static async Task<string?> TitleAsync(HttpClient client, string playlist)
    {
        var (_, body) = await client.Get($"{playlist}/entries");
        return body.GetProperty("items")[0].GetProperty("track").GetProperty("title").GetString();
    }
}
