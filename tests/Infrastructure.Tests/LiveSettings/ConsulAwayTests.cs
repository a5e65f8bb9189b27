using System.Text;
using System.Text.Json;
using IndiiMusic.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.Tests.LiveSettings;

/// <summary>Live settings while Consul is away, comes back, or comes back with another past.</summary>
[Trait("Server", "Consul")]
public sealed class ConsulAwayTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task What_held_goes_on_while_consul_is_away_and_changes_are_heard_once_it_is_back()
    {
        await using var consul = new ConsulServer();
        await consul.StartAsync();
        await PutAsync(consul, "Ffmpeg/TimeoutSeconds", "40");
        await using var program = await StartAsync(consul.Address);
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);

        await consul.StopAsync();
        await program.UntilSaidAsync("are away; those that held go on.");
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);
        Assert.Equal(HealthStatus.Degraded, (await program.HealthAsync()).Status);

        await consul.StartAsync();
        await program.UntilSaidAsync("are heard again.");
        await PutAsync(consul, "Ffmpeg/TimeoutSeconds", "50");
        await program.UntilTimeoutIsAsync(50);
        Assert.Equal(HealthStatus.Healthy, (await program.HealthAsync()).Status);
        Assert.Single(program.Log.All, line => line.Contains("are away;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_without_consul_goes_on_and_takes_settings_over_later()
    {
        await using var consul = new ConsulServer();
        var since = TimeProvider.System.GetTimestamp();
        await using var program = await StartAsync(consul.Address);

        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.True(program.Log.Has("the program starts without them."));
        Assert.Equal(HealthStatus.Degraded, (await program.HealthAsync()).Status);

        await consul.StartAsync();
        await PutAsync(consul, "Ffmpeg/TimeoutSeconds", "50");
        await program.UntilTimeoutIsAsync(50);
    }

    [Fact]
    public async Task An_index_that_goes_back_is_followed_from_where_it_is()
    {
        // As after a snapshot was restored. A server in this process plays Consul's part.
        var state = (Index: 1_000UL, Value: "40");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(async context =>
        {
            var asked = ulong.TryParse(context.Request.Query["index"], out var index) ? index : 0;
            while (asked == state.Index)
                await Task.Delay(10, context.RequestAborted);
            context.Response.Headers["X-Consul-Index"] = $"{state.Index}";
            await context.Response.WriteAsync(JsonSerializer.Serialize(new[]
            {
                new
                {
                    Key = "indiimusic/settings/Ffmpeg/TimeoutSeconds",
                    Value = Convert.ToBase64String(Encoding.UTF8.GetBytes(state.Value)),
                    ModifyIndex = state.Index,
                },
            }));
        });
        await server.StartAsync();
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        await using var program = await StartAsync(new Uri(address.Single()));
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);

        state = (7, "50");
        await program.UntilTimeoutIsAsync(50);
        state = (8, "60");
        await program.UntilTimeoutIsAsync(60);
    }

    private static Task<LiveProgram> StartAsync(Uri consul) => LiveProgram.StartAsync(
    [
        new("LiveSettings:Provider", "Consul"),
        new("Consul:Address", consul.ToString()),
    ]);

    private static async Task PutAsync(ConsulServer consul, string key, string value)
    {
        using var answer = await Http.PutAsync(
            new Uri(consul.Address, $"/v1/kv/indiimusic/settings/{key}"), new StringContent(value));
        answer.EnsureSuccessStatusCode();
    }
}
