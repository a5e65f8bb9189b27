using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace IndiiMusic.Standalone.Tests.Serve;

/// <summary>What the program shows to Prometheus, whatever is done to it.</summary>
public sealed class MetricsTests
{
    private static int _people;

    [Fact]
    public async Task The_number_of_series_does_not_grow_with_what_people_choose()
    {
        var data = Directory.CreateTempSubdirectory("indii-series-").FullName;
        try
        {
            var management = $"http://127.0.0.1:{FreePort()}";
            await using var server = StandaloneProcess.Run(
                "--data", data, "--url", "http://127.0.0.1:0", "--management-url", management,
                "--set", "Auth:Passwords:Iterations=1000", "--set", "RateLimits:AnonymousBurst=100000",
                "--set", "RateLimits:LogInsPerMinute=10000");
            using var http = new HttpClient { BaseAddress = new Uri(await server.ReadyAsync()) };
            await DriveAsync(http, people: 2);

            // A scrape is a request, too, but the first does not show itself.
            await SeriesAsync(http, management);
            var before = await SeriesAsync(http, management);

            await DriveAsync(http, people: 25);

            var after = await SeriesAsync(http, management);
            Assert.Equal("", string.Join('\n', after.Except(before, StringComparer.Ordinal)));
            Assert.InRange(after.Count, 100, 2_000);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task What_goes_wrong_is_counted_by_its_cause()
    {
        var data = Directory.CreateTempSubdirectory("indii-counts-").FullName;
        try
        {
            var management = $"http://127.0.0.1:{FreePort()}";
            await using var server = StandaloneProcess.Run(
                "--data", data, "--url", "http://127.0.0.1:0", "--management-url", management,
                "--set", "Auth:Passwords:Iterations=1000", "--set", "RateLimits:LogInsPerMinute=2",
                "--set", "RateLimits:Provider=Redis", "--set", $"Redis:ConnectionString=127.0.0.1:{FreePort()}");
            using var http = new HttpClient { BaseAddress = new Uri(await server.ReadyAsync()) };
            var guess = new { login = "eve", password = "guessed it" };
            for (var i = 0; i < 3; i++)
                await SendAsync(http, HttpMethod.Post, "/api/v1/auth/login", guess);
            await SendAsync(http, HttpMethod.Get, "/api/v1/nowhere");

            // The health checks run in the background.
            var figures = await FiguresAsync(http, management);
            while (!figures.ContainsKey("indiimusic_dependency_health{dependency=\"redis\"}"))
            {
                await Task.Delay(100);
                figures = await FiguresAsync(http, management);
            }

            Assert.Equal("0.5", figures["indiimusic_dependency_health{dependency=\"redis\"}"]);
            Assert.Equal("1", figures["indiimusic_dependency_health{dependency=\"sqlite\"}"]);
            Assert.Equal("2", figures["indiimusic_log_ins_total{outcome=\"wrong_credentials\"}"]);
            Assert.Equal("1", figures["indiimusic_log_ins_total{outcome=\"rate_limited\"}"]);
            Assert.Equal("0", figures["indiimusic_log_ins_total{outcome=\"failed\"}"]);
            Assert.Equal("1", figures["indiimusic_rate_limit_refusals_total{budget=\"log-in\"}"]);
            Assert.Equal("2", figures["indiimusic_request_errors_total{via=\"rest\",code=\"invalid_credentials\"}"]);
            Assert.Equal("1", figures["indiimusic_request_errors_total{via=\"rest\",code=\"not_found\"}"]);
            Assert.Equal("0", figures["indiimusic_request_errors_total{via=\"rest\",code=\"internal\"}"]);
            const string LogIns = "{grain=\"log-in\",method=\"LogIn\"";
            Assert.Equal("2", figures[$"indiimusic_grain_call_duration_seconds_count{LogIns}}}"]);
            Assert.Equal("2", figures[$"indiimusic_grain_call_failures_total{LogIns},outcome=\"refused\"}}"]);
            Assert.Equal("0", figures[$"indiimusic_grain_call_failures_total{LogIns},outcome=\"failed\"}}"]);
            Assert.NotEqual("0", figures["indiimusic_redis_fallbacks_total{what=\"rate-limits\"}"]);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>The same kinds of requests for each person, with names, ids, paths and garbage of their own.</summary>
    private static async Task DriveAsync(HttpClient http, int people)
    {
        for (var i = 0; i < people; i++)
        {
            var name = $"person{Interlocked.Increment(ref _people)}";
            await SendAsync(http, HttpMethod.Post, "/api/v1/auth/register", new
            {
                username = name,
                email = $"{name}@example.org",
                password = "a password of theirs",
            });
            var session = await SendAsync(
                http, HttpMethod.Post, "/api/v1/auth/login", new { login = name, password = "a password of theirs" });
            var token = JsonNode.Parse(session)!["accessToken"]!.GetValue<string>();
            var playlist = JsonNode.Parse(await SendAsync(
                http, HttpMethod.Post, "/api/v1/playlists", new { name = $"List of {name}" }, token))!["id"];
            await SendAsync(http, HttpMethod.Post, $"/api/v1/playlists/{playlist}/operations", new
            {
                operationId = $"first of {name}",
                ops = new[] { new { kind = "append", trackIds = new[] { Guid.CreateVersion7() } } },
            }, token);
            await SendAsync(http, HttpMethod.Get, $"/api/v1/playlists/{playlist}/entries?limit={i + 1}", null, token);
            await SendAsync(http, HttpMethod.Get, $"/api/v1/playlists/{Guid.CreateVersion7()}", null, token);
            await SendAsync(http, HttpMethod.Get, $"/api/v1/playlists/{name}", null, token);
            await SendAsync(http, HttpMethod.Get, $"/api/v1/tracks?query={name}", null, token);
            await SendAsync(http, HttpMethod.Get, $"/{name}/{Guid.NewGuid()}.php");
            await SendAsync(http, new HttpMethod(name.ToUpperInvariant()), "/api/v1/playlists");
            await SendAsync(http, HttpMethod.Get, "/api/v1/me", null, $"{name}.no.token");
            await SendAsync(
                http, HttpMethod.Post, "/api/v1/auth/login", new { login = $"no {name}", password = "wrong anyway" });
        }
    }

    private static async Task<string> SendAsync(
        HttpClient http, HttpMethod method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        request.Headers.TryAddWithoutValidation("User-Agent", $"app/{Guid.NewGuid():N}");
        using var answer = await http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The series of our own figures, by name and labels.</summary>
    private static async Task<HashSet<string>> SeriesAsync(HttpClient http, string management) =>
        (await FiguresAsync(http, management)).Keys.ToHashSet(StringComparer.Ordinal);

    private static async Task<Dictionary<string, string>> FiguresAsync(HttpClient http, string management) =>
        (await http.GetStringAsync(new Uri($"{management}/metrics"))).Split('\n')
            .Where(line => line.StartsWith("indiimusic_", StringComparison.Ordinal))
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')],
                line => line[(line.LastIndexOf(' ') + 1)..],
                StringComparer.Ordinal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
