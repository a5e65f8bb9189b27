using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Api.Tests.Playlists.Live;
using IndiiMusic.Grains.Interfaces.Auth;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Api.Tests.Redis;

[Collection(RedisCollection.Name)]
[Trait("Server", "Redis")]
public sealed class SharedSessionTests(TwoGateways gateways)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_log_out_at_one_gateway_is_one_at_the_other()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var user = await TestUser.CreateAsync(gateways);
        using var second = SecondClient(user);
        Assert.Equal(HttpStatusCode.OK, (await second.Get("/me")).Status);

        await LogOutAsync(user);

        Assert.InRange(await TimeUntilRefusedAsync(second), TimeSpan.Zero, Promise);
    }

    [Fact]
    public async Task An_open_connection_ends_with_its_session_at_any_gateway()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var user = await TestUser.CreateAsync(gateways);
        var playlistId = await CreatePlaylistAsync(user);
        await using var here = await ConnectAsync(gateways.Address, user, playlistId);
        await using var there = await ConnectAsync(gateways.SecondAddress, user, playlistId);

        await LogOutAsync(user);

        foreach (var watcher in (Watcher[])[here, there])
        {
            Assert.Equal("signedOut", await watcher.ClosedReason.WaitAsync(Promise));
            await watcher.Ended.WaitAsync(Promise);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_another_one_ends_is_refused_at_the_other_gateway(bool withAllOthers)
    {
        await gateways.UntilRedisIsAsync("healthy");
        var lost = await TestUser.CreateAsync(gateways);
        var playlistId = await CreatePlaylistAsync(lost);
        using var second = SecondClient(lost);
        Assert.Equal(HttpStatusCode.OK, (await second.Get("/me")).Status);
        await using var watcher = await ConnectAsync(gateways.SecondAddress, lost, playlistId);
        using var own = gateways.CreateClient();
        var (_, tokens) = await own.Post("/auth/login", new { login = lost.Username, TestUser.Password });
        own.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Text("accessToken"));

        using var ended = await own.DeleteAsync(
            "/api/v1/me/sessions" + (withAllOthers ? "" : $"/{SessionOf(lost)}"));

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.InRange(await TimeUntilRefusedAsync(second), TimeSpan.Zero, Promise);
        Assert.Equal("signedOut", await watcher.ClosedReason.WaitAsync(Promise));
        await watcher.Ended.WaitAsync(Promise);
        Assert.Equal(HttpStatusCode.OK, (await own.Get("/me")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_Redis_a_log_out_is_heard_of_all_the_same(bool isHanging)
    {
        await gateways.UntilRedisIsAsync("healthy");
        var user = await TestUser.CreateAsync(gateways);
        var stays = await TestUser.CreateAsync(gateways);
        var playlistId = await CreatePlaylistAsync(user);
        using var second = SecondClient(user);
        using var other = SecondClient(stays);
        Assert.Equal(HttpStatusCode.OK, (await second.Get("/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.Get("/me")).Status);
        await using var watcher = await ConnectAsync(gateways.SecondAddress, user, playlistId);
        if (isHanging)
            await gateways.Redis.SignalAsync("STOP");
        else
            await gateways.Redis.StopAsync();
        try
        {
            await LogOutAsync(user);

            Assert.InRange(await TimeUntilRefusedAsync(second), TimeSpan.Zero, Promise);
            await watcher.Ended.WaitAsync(Promise);
            Assert.Equal(HttpStatusCode.OK, (await other.Get("/me")).Status);
            await gateways.UntilRedisIsAsync("degraded");
        }
        finally
        {
            if (isHanging)
                await gateways.Redis.SignalAsync("CONT");
            else
                await gateways.Redis.StartAsync();
        }

        await gateways.UntilRedisIsAsync("healthy");
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.Get("/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.Get("/me")).Status);
    }

    [Fact]
    public async Task A_session_that_ended_in_a_gap_is_refused_after_it_though_nobody_told()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var user = await TestUser.CreateAsync(gateways);
        using var second = SecondClient(user);
        Assert.Equal(HttpStatusCode.OK, (await second.Get("/me")).Status);
        await gateways.Redis.StopAsync();

        // As by a gateway that died before it could tell.
        await gateways.Grains.GetGrain<ISessionGrain>(SessionOf(user)).End(user.Id);
        await gateways.UntilRedisIsAsync("degraded");
        await gateways.Redis.StartAsync();
        await gateways.UntilRedisIsAsync("healthy");

        Assert.InRange(await TimeUntilRefusedAsync(second), TimeSpan.Zero, Promise);
    }

    private static Guid SessionOf(TestUser user) =>
        RefreshToken.TryParse(user.RefreshToken, out var token) ? token.SessionId : throw new InvalidOperationException();

    private HttpClient SecondClient(TestUser user)
    {
        var client = gateways.CreateSecondClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.AccessToken);
        return client;
    }

    private async Task LogOutAsync(TestUser user)
    {
        using var client = user.CreateClient(gateways);
        var (status, _) = await client.Post("/auth/logout", new { });
        Assert.Equal(HttpStatusCode.NoContent, status);
    }

    private async Task<Guid> CreatePlaylistAsync(TestUser user)
    {
        using var client = user.CreateClient(gateways);
        var (_, body) = await client.Post("/playlists", new { name = "Shared" });
        return body.GetProperty("id").GetGuid();
    }

    private static async Task<TimeSpan> TimeUntilRefusedAsync(HttpClient client)
    {
        var since = Stopwatch.StartNew();
        await TwoGateways.UntilAsync(async () => (await client.Get("/me")).Status == HttpStatusCode.Unauthorized);
        return since.Elapsed;
    }

    private static async Task<Watcher> ConnectAsync(string address, TestUser user, Guid playlistId)
    {
        var watcher = new Watcher(address, user.AccessToken);
        await watcher.Hub.StartAsync();
        await watcher.Hub.InvokeAsync("Join", playlistId.ToString(), null);
        return watcher;
    }

    private sealed class Watcher : IAsyncDisposable
    {
        private readonly TaskCompletionSource<string?> _reason = new();
        private readonly TaskCompletionSource _ended = new();

        public Watcher(string address, string token)
        {
            Hub = new HubConnectionBuilder()
                .WithUrl(address + "/hubs/playlists", http => http.AccessTokenProvider = () => Task.FromResult(token)!)
                .Build();
            Hub.On<System.Text.Json.JsonElement>(
                "Closed", closed => _reason.TrySetResult(closed.GetProperty("reason").GetString()));
            Hub.Closed += _ =>
            {
                _ended.TrySetResult();
                return Task.CompletedTask;
            };
        }

        public HubConnection Hub { get; }

        public Task<string?> ClosedReason => _reason.Task;

        public Task Ended => _ended.Task;

        public ValueTask DisposeAsync() => Hub.DisposeAsync();
    }
}
