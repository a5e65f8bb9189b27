using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IndiiMusic.TestServers;

namespace IndiiMusic.Cluster.Tests.Load;

/// <summary>
/// A signed-in user as an app would be: it knows one or several gateways, and goes to the next when one does not
/// answer.
/// </summary>
/// <param name="addresses">Where the gateways answer, or what stands in front of them.</param>
/// <param name="trusts">The certificate that they show, where no authority vouches for it.</param>
public sealed class ApiClient(IReadOnlyList<string> addresses, X509Certificate2? trusts = null) : IDisposable
{
    public const string Password = "a horse that is killed";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = Http(trusts);
    private int _at;

    /// <summary>The gateway that it talks to now.</summary>
    public string Address => addresses[_at % addresses.Count];

    /// <summary>The certificate that the gateways show, where no authority vouches for it.</summary>
    public X509Certificate2? Trusts => trusts;

    public string AccessToken { get; private set; } = "";

    public Guid UserId { get; private set; }

    public string Username { get; private set; } = "";

    /// <summary>Registers a user, and signs in.</summary>
    public async Task SignUpAsync(string username)
    {
        var user = await SendUntilAnsweredAsync(
            HttpMethod.Post,
            "/auth/register",
            new { username, email = $"{username}@example.org", password = Password });
        UserId = user["id"]!.GetValue<Guid>();
        Username = username;
        var session = await SendUntilAnsweredAsync(
            HttpMethod.Post, "/auth/login", new { login = username, password = Password });
        AccessToken = session["accessToken"]!.GetValue<string>();
    }

    /// <summary>The same user at another place in the list of gateways.</summary>
    public ApiClient Fork(int at) => new(addresses, trusts) { AccessToken = AccessToken, UserId = UserId, _at = at };

    /// <summary>Takes the next gateway from now on.</summary>
    public void TryNext() => _at++;

    /// <summary>Sends one request; fails on anything but success.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var response = await AskAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        return !response.IsSuccessStatusCode
            ? throw new HttpRequestException($"{(int)response.StatusCode} {text}", null, response.StatusCode)
            : text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    /// <summary>Sends one request, and gives the answer whatever it is.</summary>
    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Address}/api/v1{path}");
        request.Headers.Authorization = AccessToken.Length == 0 ? null : new("Bearer", AccessToken);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await _http.SendAsync(request);
    }

    /// <summary>Sends one request until it succeeds, whatever happens to the servers meanwhile.</summary>
    public async Task<JsonNode> SendUntilAnsweredAsync(HttpMethod method, string path, object? body = null)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await SendAsync(method, path, body);
            }
            catch (Exception lost) when (
                IsRetryable(lost) && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                TryNext();
                await Task.Delay(50);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Http(X509Certificate2? trusts)
    {
        var handler = new SocketsHttpHandler();
        if (trusts is not null)
            handler.SslOptions = ReverseProxy.Trusting(trusts);
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) };
    }

    private static bool IsRetryable(Exception failure) =>
        failure is TaskCanceledException or IOException
        || failure is HttpRequestException
        {
            StatusCode: null or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests
        };
}
