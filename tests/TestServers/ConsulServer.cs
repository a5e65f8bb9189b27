using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace IndiiMusic.TestServers;

/// <summary>
/// One Consul agent that is its own server. Its ports and its data stay when it is stopped and started again.
/// </summary>
public sealed class ConsulServer : ServerProcess
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly int _dnsPort = FreePort.Next();
    private readonly int _serfPort = FreePort.Next();
    private readonly int _serverPort = FreePort.Next();
    private readonly int _httpPort = FreePort.Next();
    private readonly string _moreSettings;
    private readonly int _httpsPort;

    /// <param name="moreSettings">More of Consul's settings, in its own language.</param>
    /// <param name="isHttps">Whether it listens for https as well; the settings have the certificates then.</param>
    public ConsulServer(string moreSettings = "", bool isHttps = false)
    {
        _moreSettings = moreSettings;
        _httpsPort = isHttps ? FreePort.Next() : -1;
    }

    /// <summary>Where its HTTP API listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{_httpPort}");

    /// <summary>Where its HTTP API listens with TLS.</summary>
    public Uri HttpsAddress => new($"https://127.0.0.1:{_httpsPort}");

    /// <summary>Where it answers DNS over UDP.</summary>
    public IPEndPoint Dns => new(IPAddress.Loopback, _dnsPort);

    /// <summary>A token that may write keys, where the settings ask for one.</summary>
    public string? Token { get; init; }

    /// <inheritdoc/>
    protected override ProcessStartInfo Command()
    {
        var settings = Path.Combine(Folder, "settings.hcl");
        File.WriteAllText(settings, string.Create(CultureInfo.InvariantCulture, $$"""
            server = true
            bootstrap_expect = 1
            data_dir = "{{Path.Combine(Folder, "data")}}"
            node_name = "test"
            bind_addr = "127.0.0.1"
            client_addr = "127.0.0.1"
            log_level = "WARN"
            disable_update_check = true
            leave_on_terminate = false
            performance { raft_multiplier = 1 }
            ports {
              http = {{_httpPort}}
              https = {{_httpsPort}}
              dns = {{_dnsPort}}
              serf_lan = {{_serfPort}}
              serf_wan = -1
              server = {{_serverPort}}
              grpc = -1
            }
            {{_moreSettings}}
            """));
        return new ProcessStartInfo(Program(), ["agent", "-config-file", settings]);
    }

    /// <inheritdoc/>
    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            // A leader may be elected and not take writes yet.
            var leader = await Http.GetFromJsonAsync<string>(new Uri(Address, "/v1/status/leader"));
            if (leader is not { Length: > 0 })
                return false;
            using var write = new HttpRequestMessage(HttpMethod.Put, new Uri(Address, "/v1/kv/ready"));
            if (Token is not null)
                write.Headers.Add("X-Consul-Token", Token);
            using var answer = await Http.SendAsync(write);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The program in the PATH, or where tests/servers.sh puts it.</summary>
    private static string Program()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append(Path.Combine(cache, "indiimusic-tests", "consul", "usr", "bin"));
        return folders.Select(folder => Path.Combine(folder, "consul")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no consul; tests/servers.sh install fetches it.");
    }
}
