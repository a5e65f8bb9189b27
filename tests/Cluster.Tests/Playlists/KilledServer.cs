using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IndiiMusic.Standalone.Tests.Serve;

namespace IndiiMusic.Cluster.Tests.Playlists;

/// <summary>A server that is killed and started again on the same data, and an account on it.</summary>
public sealed class KilledServer : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-killed-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private StandaloneProcess _process;

    private KilledServer()
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        _process = Serve();
    }

    /// <summary>Where it answers, after each start.</summary>
    public string Address { get; }

    public string AccessToken { get; private set; } = "";

    public Guid UserId { get; private set; }

    /// <summary>Starts it and signs a user in.</summary>
    public static async Task<KilledServer> StartAsync()
    {
        var server = new KilledServer();
        await server._process.ReadyAsync();
        const string password = "a horse that is killed";
        var user = await server.SendAsync(
            HttpMethod.Post, "/auth/register", new { username = "kim", email = "kim@example.org", password });
        server.UserId = user["id"]!.GetValue<Guid>();
        var session = await server.SendAsync(HttpMethod.Post, "/auth/login", new { login = "kim", password });
        server.AccessToken = session["accessToken"]!.GetValue<string>();
        return server;
    }

    /// <summary>kill -9, and a new start on the same data.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process.SignalAsync("KILL");
        await _process.ExitAsync();
        await _process.DisposeAsync();
        _process = Serve();
        await _process.ReadyAsync();
    }

    /// <summary>Sends one request; fails on anything but success.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Address}/api/v1{path}");
        request.Headers.Authorization = AccessToken.Length == 0 ? null : new("Bearer", AccessToken);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new HttpRequestException($"{(int)response.StatusCode} {text}", null, response.StatusCode);
    }

    /// <summary>Sends one request until it succeeds, whatever happens to the server meanwhile.</summary>
    public async Task<JsonNode> SendUntilAnsweredAsync(HttpMethod method, string path, object body)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await SendAsync(method, path, body);
            }
            catch (Exception e) when (IsRetryable(e) && attempt < 600)
            {
                await Task.Delay(50);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    // Clients come back to the address that they know, so the port must be the same after each start.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private StandaloneProcess Serve() => StandaloneProcess.Run(
        "--data", _data, "--url", Address, "--management-url", "http://127.0.0.1:0");

    private static bool IsRetryable(Exception failure) =>
        failure is TaskCanceledException or IOException
        || failure is HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError };
}
