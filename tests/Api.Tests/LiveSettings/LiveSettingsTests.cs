using System.Net;
using System.Net.Http.Json;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Api.Tests.Playlists;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Tracks;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.LiveSettings;

/// <summary>Each setting that is said to change while the program runs does, while requests run.</summary>
public sealed class LiveSettingsTests(LiveSettingsServer server) : IClassFixture<LiveSettingsServer>
{
    private const string Origin = "https://live.example.org";

    private static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["RateLimits:AnonymousBurst"] = new("7", one => one.AnonymousPolicyAsync(), "\"anonymous\";q=7;w=1"),
        ["RateLimits:AnonymousPerSecond"] = new("50", one => one.AnonymousPolicyAsync(), "\"anonymous\";q=100;w=2"),
        ["RateLimits:UserBurst"] = new("70", one => one.UserPolicyAsync(), "\"user\";q=70;w=1"),
        ["RateLimits:UserPerSecond"] = new("500", one => one.UserPolicyAsync(), "\"user\";q=1000;w=2"),
        ["RateLimits:HubBurst"] = new("3", one => one.HubCallsAsync(5), "3"),
        ["RateLimits:HubPerSecond"] = new("1", one => one.HubShareAsync(), "few", ("RateLimits:HubBurst", "1")),
        ["RateLimits:LogInsPerMinute"] = new("4", one => one.LogInPolicyAsync(), "\"log-in\";q=4;w=60"),
        ["RateLimits:LogInsPerAddressPerMinute"] = new("1", one => one.LogInTwiceAsync(), "TooManyRequests"),
        ["Cors:Origins:0"] = new(Origin, one => one.OriginAsync(), Origin),
        ["Limits:RequestBodyBytesMax"] = new("1024", one => one.LargeBodyAsync(), "RequestEntityTooLarge"),
        ["Limits:RequestTimeMax"] = new("00:00:01", one => one.SlowRequestAsync(), "GatewayTimeout"),
        ["Ffmpeg:Ffprobe"] = new("/bin/false", one => one.ProbeAsync(), "broken"),
    };

    public static TheoryData<string> Keys => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_change_takes_effect_and_goes_again_while_requests_run(string key)
    {
        var one = Cases[key];
        await server.TakeAsync(one.Always);
        var before = await one.Look(this);
        Assert.NotEqual(one.Expected, before);
        using var stop = new CancellationTokenSource();
        var others = AskAllTheTimeAsync(stop.Token);

        await server.TakeAsync([(key, one.Value), .. one.Always]);
        var changed = await one.Look(this);
        await server.TakeAsync(one.Always);
        var back = await one.Look(this);
        await stop.CancelAsync();

        Assert.Equal(one.Expected, changed);
        Assert.Equal(before, back);
        await others;
    }

    [Fact]
    public async Task What_callers_have_taken_counts_on_when_limits_change()
    {
        await server.TakeAsync(("RateLimits:HubBurst", "10"), ("RateLimits:HubPerSecond", "1"));
        var user = Guid.CreateVersion7();
        var limiter = server.Services.GetRequiredService<RateLimiter>();
        for (var call = 0; call < 9; call++)
            await limiter.CountCallAsync(user);

        await server.TakeAsync(("RateLimits:HubBurst", "20"), ("RateLimits:HubPerSecond", "1"));

        var left = await TakeAsync(limiter, user, 30);
        Assert.InRange(left, 11, 14);
    }

    private static async Task<int> TakeAsync(RateLimiter limiter, Guid user, int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            try
            {
                await limiter.CountCallAsync(user);
            }
            catch (IndiiException refused) when (refused.Code == ErrorCode.RateLimited)
            {
                return call;
            }
        }

        return calls;
    }

    private async Task AskAllTheTimeAsync(CancellationToken cancellationToken)
    {
        using var user = await Person.SignUp(server);
        while (!cancellationToken.IsCancellationRequested)
        {
            Assert.Contains((await user.Get("/me/playlists")).Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<string> AnonymousPolicyAsync()
    {
        using var client = server.CreateClient();
        using var answer = await client.GetAsync("/api/v1/features");
        return Assert.Single(answer.Headers.GetValues("RateLimit-Policy"));
    }

    private async Task<string> UserPolicyAsync()
    {
        using var user = await Person.SignUp(server);
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", user.Token);
        using var answer = await client.GetAsync("/api/v1/features");
        return Assert.Single(answer.Headers.GetValues("RateLimit-Policy"));
    }

    private async Task<string> HubCallsAsync(int calls)
    {
        var limiter = server.Services.GetRequiredService<RateLimiter>();
        var taken = await TakeAsync(limiter, Guid.CreateVersion7(), calls);

        // What comes back while calls are made depends on the machine.
        return taken >= calls ? "all" : $"{taken}";
    }

    private async Task<string> HubShareAsync()
    {
        // For a tenth of a second, in which many tokens come back or few.
        var limiter = server.Services.GetRequiredService<RateLimiter>();
        var user = Guid.CreateVersion7();
        var since = TimeProvider.System.GetTimestamp();
        var taken = 0;
        while (TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMilliseconds(100))
            taken += await TakeAsync(limiter, user, 1);
        return taken > 10 ? "many" : "few";
    }

    private async Task<string> LogInPolicyAsync()
    {
        using var client = server.CreateClient();
        using var answer = await LogInAsync(client);
        return answer.Headers.GetValues("RateLimit-Policy").Single();
    }

    private async Task<string> LogInTwiceAsync()
    {
        using var client = server.CreateClient();
        using var first = await LogInAsync(client);
        using var second = await LogInAsync(client);
        return second.StatusCode.ToString();
    }

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client) => client.PostAsJsonAsync(
        "/api/v1/auth/login", new { login = TestUser.UniqueName(), password = TestUser.Password });

    private async Task<string> OriginAsync()
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("Origin", Origin);
        using var answer = await client.GetAsync("/api/v1/features");
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var origins) ? origins.Single() : "none";
    }

    private async Task<string> LargeBodyAsync()
    {
        using var client = server.CreateClient();
        using var answer = await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = new string('x', 2_000) });
        return answer.StatusCode.ToString();
    }

    private async Task<string> SlowRequestAsync()
    {
        using var client = server.CreateClient();
        client.Timeout = TimeSpan.FromSeconds(3);
        try
        {
            using var answer = await client.GetAsync("/api/v1/test/slow");
            return answer.StatusCode.ToString();
        }
        catch (TaskCanceledException)
        {
            return "still waiting";
        }
    }

    private async Task<string> ProbeAsync()
    {
        var file = Path.Combine(server.DataPath, "tone.wav");
        if (!File.Exists(file))
            await File.WriteAllBytesAsync(file, Tone());
        try
        {
            await server.Services.GetRequiredService<IMediaProbe>().ProbeAsync(file, CancellationToken.None);
            return "read";
        }
        catch (BrokenMediaException)
        {
            return "broken";
        }
    }

    /// <summary>A second of silence as a WAV file.</summary>
    private static byte[] Tone()
    {
        const int Samples = 8_000;
        using var bytes = new MemoryStream();
        using var wav = new BinaryWriter(bytes);
        wav.Write("RIFF"u8);
        wav.Write(36 + Samples);
        wav.Write("WAVEfmt "u8);
        wav.Write(16);
        wav.Write((short)1);
        wav.Write((short)1);
        wav.Write(8_000);
        wav.Write(8_000);
        wav.Write((short)1);
        wav.Write((short)8);
        wav.Write("data"u8);
        wav.Write(Samples);
        wav.Write(Enumerable.Repeat((byte)128, Samples).ToArray());
        return bytes.ToArray();
    }

    private sealed record Case(
        string Value,
        Func<LiveSettingsTests, Task<string>> Look,
        string Expected,
        params (string Key, string Value)[] Always);
}
