using System.Net;
using IndiiMusic.Cluster.Tests.Load;
using IndiiMusic.MongoDbServer.FaultInjection;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>
/// What survives what: each test breaks one thing under a load of random operations over REST and the hub, mends it,
/// and leaves the cluster whole for the next.
/// </summary>
[Collection(ClusterCollection.Name)]
[Trait("Server", "Consul")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "Redis")]
[Trait("Server", "S3")]
public sealed class FaultTests(IndiiCluster cluster)
{
    private static readonly TimeSpan ResumesWithin = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_silo_is_killed_and_later_another()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User);
        foreach (var silo in cluster.Silos.Take(2))
        {
            await silo.KillAsync();
            var silence = await load.FlowsAsync(100);
            Assert.True(silence < ResumesWithin, $"Edits stood still for {silence}.");
            await silo.StartAsync();
            await load.FlowsAsync(100);
        }

        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task A_silo_freezes_for_longer_than_the_others_wait_for_it()
    {
        await using var loads = await ManyLoads.StartAsync(cluster.User, playlists: 6);
        var frozen = cluster.Silos[2];

        await frozen.SignalAsync("STOP");
        await loads.FlowAsync();
        await frozen.SignalAsync("CONT");

        // It finds out that it was given up, and ends itself: an operator's supervisor starts it again.
        await loads.FlowAsync();
        await IndiiCluster.RestartWhenEndedAsync(frozen);
        await loads.AssertConvergeAsync();
    }

    [Fact]
    public async Task A_gateway_is_killed()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User, hubEditors: 6);

        await cluster.Gateways[0].KillAsync();
        var silence = await load.FlowsAsync(100);
        Assert.True(silence < ResumesWithin, $"Edits stood still for {silence}.");
        await cluster.Gateways[0].StartAsync();

        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task RabbitMq_is_away_for_a_while_and_nothing_that_was_to_be_told_is_forgotten()
    {
        using var friend = await cluster.SignUpAsync();
        await using var load = await PlaylistLoad.StartAsync(cluster.User);

        await cluster.RabbitMq.StopAsync();
        var shared = await cluster.User.SendUntilAnsweredAsync(HttpMethod.Post, "/playlists", new { name = "Shared" });
        await cluster.User.SendUntilAnsweredAsync(
            HttpMethod.Put, $"/playlists/{shared["id"]}/collaborators/{friend.UserId}", new { role = "editor" });
        await load.FlowsAsync(300);
        await cluster.RabbitMq.StartAsync();

        await IndiiCluster.EventuallyAsync(
            async () => await ListsAsync(friend, shared["id"]!.GetValue<Guid>()), TimeSpan.FromSeconds(90));
        await load.AssertConvergesAsync();
        await cluster.OutboxEmptiesAsync();
    }

    [Fact]
    public async Task Redis_is_away()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User);

        await cluster.Redis.StopAsync();
        await load.FlowsAsync(200);
        await IndiiCluster.EventuallyAsync(
            async () => await cluster.Gateways[0].HealthOfAsync("redis") == "degraded", TimeSpan.FromSeconds(15));
        await cluster.Redis.StartAsync();
        await IndiiCluster.EventuallyAsync(
            async () => await cluster.Gateways[0].HealthOfAsync("redis") == "healthy", TimeSpan.FromSeconds(30));

        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task Consul_is_away_and_a_new_silo_waits_for_it()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User);

        await cluster.Consul.StopAsync();
        await load.FlowsAsync(200);
        await using var newcomer = cluster.NewSilo();
        var joining = newcomer.StartAsync();
        await load.FlowsAsync(200);
        Assert.False(joining.IsCompleted, "The new silo does not wait for Consul.");
        await cluster.Consul.StartAsync();
        await joining;
        await load.FlowsAsync(100);
        await newcomer.StopAsync();

        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task S3_is_away()
    {
        var track = await cluster.UploadAsync();
        await using var load = await PlaylistLoad.StartAsync(cluster.User);

        await cluster.S3.StopAsync();
        using var refused = await cluster.User.AskAsync(HttpMethod.Get, $"/tracks/{track}/audio");
        await load.FlowsAsync(100);
        await cluster.S3.StartAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("storage_unavailable", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await IndiiCluster.EventuallyAsync(
            async () =>
            {
                using var answer = await cluster.User.AskAsync(HttpMethod.Get, $"/tracks/{track}/audio");
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(60));
        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task MongoDb_fails_in_every_way_that_it_can()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User);
        var faults = cluster.MongoDb.Faults;
        foreach (var fail in (Func<FaultBuilder, Fault>[])
            [
                each => each.WithRetry().DropBeforeWrite(),
                each => each.WithRetry().DropAfterWrite(),
                each => each.Times(4).NotPrimary(),
                each => each.Times(4).WriteConcernTimeout(),
                each => each.Times(4).WriteConcernShutdown(),
                each => each.Once().DelayReply(TimeSpan.FromSeconds(3)),
            ])
        {
            using var fault = fail(faults.On("insert").To("events"));
            await load.FlowsAsync(60);
        }

        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task MongoDb_is_away_and_playlists_in_memory_can_still_be_read()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User);
        var command = new
        {
            operationId = Guid.CreateVersion7(),
            ops = new[] { new { kind = "setDetails", name = "Written again" } },
        };

        await cluster.MongoDb.StopAsync();
        using var refused = await cluster.User.AskAsync(HttpMethod.Post, $"{load.Path}/operations", command);
        using var read = await cluster.User.AskAsync(HttpMethod.Get, $"{load.Path}/entries?limit=5");
        cluster.MongoDb.StartAgain();
        await load.FlowsAsync(100);
        await cluster.User.SendUntilAnsweredAsync(HttpMethod.Post, $"{load.Path}/operations", command);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await load.AssertConvergesAsync();
    }

    [Fact]
    public async Task Everything_is_restarted_one_after_another()
    {
        await using var load = await PlaylistLoad.StartAsync(cluster.User);
        foreach (var process in cluster.Silos.Concat(cluster.Gateways))
        {
            await process.StopAsync();
            await load.FlowsAsync(50);
            await process.StartAsync();
            await load.FlowsAsync(50);
        }

        await load.AssertConvergesAsync();
    }

    private static async Task<bool> ListsAsync(ApiClient user, Guid playlist)
    {
        var page = await user.SendUntilAnsweredAsync(HttpMethod.Get, "/me/playlists?role=editor");
        return page["items"]!.AsArray().Any(item => item!["id"]?.GetValue<Guid>() == playlist);
    }
}
