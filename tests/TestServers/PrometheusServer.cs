using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace IndiiMusic.TestServers;

/// <summary>A real Prometheus that looks every second, so that a test need not wait for long.</summary>
/// <param name="targets">Whom it scrapes: a job, and the address without its scheme.</param>
/// <param name="rules">The file with rules that it evaluates.</param>
public sealed class PrometheusServer(IReadOnlyList<(string Job, string Address)> targets, string rules) : ServerProcess
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly int _port = FreePort.Next();

    /// <summary>Asks its HTTP API.</summary>
    /// <param name="path">Behind <c>/api/v1/</c>, with what is to be sent as form fields in a query.</param>
    /// <returns>What it answers under <c>data</c>.</returns>
    /// <exception cref="InvalidOperationException">It does not take the question; the message says why.</exception>
    public async Task<JsonNode> AskAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_port}/api/v1/{path}"));
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return body["status"]!.GetValue<string>() == "success"
            ? body["data"]!
            : throw new InvalidOperationException(body["error"]!.GetValue<string>());
    }

    /// <summary>Evaluates an expression now.</summary>
    /// <returns>The samples that it has.</returns>
    public async Task<JsonArray> QueryAsync(string expression) =>
        (await AskAsync($"query?query={Uri.EscapeDataString(expression)}"))["result"]!.AsArray();

    protected override ProcessStartInfo Command()
    {
        var settings = new StringBuilder()
            .AppendLine("global: {scrape_interval: 1s, evaluation_interval: 1s}")
            .AppendLine($"rule_files: ['{rules}']")
            .AppendLine("scrape_configs:");
        foreach (var job in targets.GroupBy(target => target.Job, target => $"'{target.Address}'"))
        {
            settings.AppendLine($"  - job_name: {job.Key}")
                .AppendLine($"    static_configs: [{{targets: [{string.Join(", ", job)}]}}]");
        }

        var file = Path.Combine(Folder, "prometheus.yml");
        File.WriteAllText(file, settings.ToString());
        return new ProcessStartInfo("prometheus")
        {
            WorkingDirectory = Folder,
            ArgumentList =
            {
                $"--config.file={file}", $"--storage.tsdb.path={Path.Combine(Folder, "data")}",
                $"--web.listen-address=127.0.0.1:{_port}", "--log.level=warn",
            },
        };
    }

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_port}/-/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
