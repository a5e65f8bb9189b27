using System.Diagnostics;
using System.Text.Json.Nodes;

namespace IndiiMusic.TestServers;

/// <summary>
/// A silo or a gateway as a process of its own, on ports that stay the same when it is started again.
/// </summary>
public sealed class ProgramProcess(string program, string management, IReadOnlyDictionary<string, string> settings)
    : ServerProcess
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Where health and figures answer.</summary>
    public Uri Management => new(management);

    /// <summary>What <c>/health/ready</c> says; null when nobody answers.</summary>
    public async Task<JsonNode?> HealthAsync()
    {
        try
        {
            return JsonNode.Parse(await Http.GetStringAsync(new Uri($"{management}/health/ready")));
        }
        catch (HttpRequestException refused) when (refused.StatusCode is not null)
        {
            return new JsonObject { ["status"] = "unhealthy" };
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>How one of its dependencies is, in the words of <c>/health/ready</c>.</summary>
    public async Task<string?> HealthOfAsync(string dependency) =>
        (await HealthAsync())?["dependencies"]?[dependency]?["status"]?.GetValue<string>();

    /// <summary>What it counts, in Prometheus's text format.</summary>
    public Task<string> MetricsAsync() => Http.GetStringAsync(new Uri($"{management}/metrics"));

    protected override ProcessStartInfo Command()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{program}.dll")]);

        // Through the environment, as in a cluster: secrets have no place on a command line.
        foreach (var (key, value) in settings)
            start.Environment["INDIIMUSIC_" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return start;
    }

    protected override async Task<bool> AnswersAsync() =>
        (await HealthAsync())?["status"]?.GetValue<string>() is "healthy" or "degraded";
}
