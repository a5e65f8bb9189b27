using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>
/// What operators look at, held against what programs really show: every query of the alert rules, the dashboards and
/// the runbooks, and the list of figures.
/// </summary>
[Collection(ClusterCollection.Name)]
[Trait("Server", "Consul")]
[Trait("Server", "Prometheus")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "Redis")]
[Trait("Server", "S3")]
public sealed partial class MetricsTests(IndiiCluster cluster)
{
    // What can only be there after a failure: answers of the server's own fault. All else is there from the start.
    private static readonly string[] OnlyAfterFailures = ["status"];

    // Series that Prometheus makes by itself.
    private static readonly string[] Prometheuss = ["up", "ALERTS"];

    // Alerts that would be wrong here.
    private static readonly string[] Unfounded =
    [
        "IndiiMusicAbsent", "IndiiMusicTargetDown", "IndiiMusicNoReadySilo", "IndiiMusicNoReadyGateway",
        "IndiiMusicSiloCountDropped", "IndiiMusicConsulRegistrationLost", "IndiiMusicOutboxOld", "IndiiMusicRestarts",
        "IndiiMusicSqliteDown", "IndiiMusicSettingsRefused",
    ];

    private static readonly string Root = FindRoot();
    private static readonly string Rules = Path.Combine(Root, "helm/indiimusic/files/alerts.yaml");
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs/operating.md"));

    /// <summary>One test, because what it needs takes its time to start.</summary>
    [Fact]
    public async Task Every_query_finds_what_it_asks_for_and_every_figure_is_listed()
    {
        await using var watched = await WatchedCluster.StartAsync(cluster, Rules);
        await EveryQueryFindsAsync(watched);
        await EveryFigureIsListedAsync(watched);
    }

    private static async Task EveryQueryFindsAsync(WatchedCluster watched)
    {
        var problems = new List<string>();
        var rules = await RulesAsync(watched);
        Assert.NotEmpty(rules);
        foreach (var (name, query) in rules)
            problems.AddRange(ProblemsOf(name, query, watched));
        var panels = Panels().ToList();
        Assert.NotEmpty(panels);
        foreach (var (name, query) in panels)
        {
            problems.AddRange(ProblemsOf(name, query, watched));
            await RunAsync(name, query, mayBeEmpty: false);
        }

        var runbooks = Ask().Matches(Page).Select(match => match.Groups["query"].Value).ToList();
        Assert.NotEmpty(runbooks);
        foreach (var query in runbooks)
        {
            problems.AddRange(ProblemsOf("operating.md", query, watched));
            await RunAsync("operating.md", query, mayBeEmpty: true);
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));

        async Task RunAsync(string name, string query, bool mayBeEmpty)
        {
            try
            {
                if ((await watched.Prometheus.QueryAsync(query)).Count == 0 && !mayBeEmpty)
                    problems.Add($"{name}: {query} finds nothing.");
            }
            catch (InvalidOperationException refused)
            {
                problems.Add($"{name}: {query} is not taken: {refused.Message}");
            }
        }
    }

    /// <summary>The list of figures is what programs show, under names that promtool likes.</summary>
    private async Task EveryFigureIsListedAsync(WatchedCluster watched)
    {
        var shown = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var complaints = new List<string>();
        var texts = new List<string> { await watched.StandaloneMetricsAsync() };
        foreach (var program in cluster.Silos.Concat(cluster.Gateways))
            texts.Add(await program.MetricsAsync());
        foreach (var text in texts)
        {
            complaints.AddRange(await PromtoolAsync(text));
            foreach (var (name, row) in Figures(text))
                shown[name] = row;
        }

        await File.WriteAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "figures.txt"), shown.Values);
        Assert.Empty(complaints);
        var listed = Row().Matches(Page).Select(row => row.Value.TrimEnd()).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(shown.Values, listed);
    }

    /// <summary>What of an expression is not to be found in Prometheus.</summary>
    private static IEnumerable<string> ProblemsOf(string name, string query, WatchedCluster watched)
    {
        var labels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in PromQl.Selectors(query))
        {
            if (!watched.Series.TryGetValue(selector.Name, out var seen))
            {
                if (!Prometheuss.Contains(selector.Name, StringComparer.Ordinal))
                    yield return $"{name}: there is no {selector.Name}.";
                continue;
            }

            labels.UnionWith(seen.Keys);
            foreach (var matcher in selector.Matchers)
            {
                if (!seen.TryGetValue(matcher.Label, out var values))
                    yield return $"{name}: {selector.Name} has no label {matcher.Label}.";
                else if (!OnlyAfterFailures.Contains(matcher.Label, StringComparer.Ordinal) && !IsMet(matcher, values))
                    yield return $"{name}: no {selector.Name} has {matcher.Label}{matcher.How}\"{matcher.Value}\".";
            }
        }

        foreach (var label in PromQl.GroupedBy(query).Where(label => !labels.Contains(label)))
            yield return $"{name}: nothing of {query} has the label {label}.";
    }

    private static bool IsMet(Matcher matcher, HashSet<string> values) => matcher.How switch
    {
        "=" => values.Contains(matcher.Value),
        "=~" => values.Any(value => Regex.IsMatch(value, $"^(?:{matcher.Value})$", RegexOptions.ExplicitCapture)),
        _ => true,
    };

    /// <summary>The rules' expressions, which Prometheus evaluates all the time, with none of them at fault.</summary>
    private static async Task<List<(string Name, string Query)>> RulesAsync(WatchedCluster watched)
    {
        var rules = (await watched.Prometheus.AskAsync("rules"))["groups"]!.AsArray()
            .SelectMany(group => group!["rules"]!.AsArray())
            .ToList();
        foreach (var rule in rules)
        {
            Assert.Equal("ok", rule!["health"]!.GetValue<string>());

            // Nothing of this is wrong with this cluster, not for a moment, however busy the machine is.
            var name = rule["name"]!.GetValue<string>();
            if (Unfounded.Contains(name, StringComparer.Ordinal))
                Assert.Equal($"{name} inactive", $"{name} {rule["state"]!.GetValue<string>()}");
        }

        return [.. rules.Select(rule => (rule!["name"]!.GetValue<string>(), rule["query"]!.GetValue<string>()))];
    }

    /// <summary>The queries of all dashboards, with their variables as Grafana would fill them in.</summary>
    private static IEnumerable<(string Name, string Query)> Panels()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "helm/indiimusic/files/dashboards"), "*.json"))
        {
            var dashboard = JsonNode.Parse(File.ReadAllText(file))!;
            foreach (var panel in dashboard["panels"]!.AsArray())
            {
                foreach (var target in panel!["targets"]?.AsArray() ?? [])
                {
                    var query = target!["expr"]!.GetValue<string>()
                        .Replace("$job", ".+", StringComparison.Ordinal)
                        .Replace("$instance", ".+", StringComparison.Ordinal)
                        .Replace("$__rate_interval", "15s", StringComparison.Ordinal)
                        .Replace("$__range", "1m", StringComparison.Ordinal);
                    yield return ($"{Path.GetFileName(file)}, {panel["title"]}", query);
                }
            }
        }
    }

    /// <summary>What promtool has to say of our own names.</summary>
    private static async Task<IEnumerable<string>> PromtoolAsync(string metrics)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = promtool.StandardError.ReadToEndAsync();
        var output = promtool.StandardOutput.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        var lines = (await errors + await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => line.Contains("error while linting", StringComparison.Ordinal));
        return lines.Where(line => line.StartsWith("indiimusic_", StringComparison.Ordinal));
    }

    /// <summary>Our figures, each as its row in the list.</summary>
    private static IEnumerable<(string Name, string Row)> Figures(string metrics)
    {
        foreach (Match family in Family().Matches(metrics))
        {
            var name = family.Groups["name"].Value;
            var labels = family.Groups["labels"].Value;
            if (family.Groups["series"].Length == 0)
                continue;
            var named = LabelName().Matches(labels).Select(each => each.Groups["label"].Value)
                .Where(label => label != "le").Select(label => $"`{label}`").ToList();
            yield return (name, $"| `{name}` | {family.Groups["type"].Value} | "
                + $"{(named.Count == 0 ? "-" : string.Join(", ", named))} | {family.Groups["help"].Value} |");
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IndiiMusic.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(
        @"^# HELP (?<name>indiimusic_\w+) (?<help>.*)\n# TYPE \w+ (?<type>\w+)\n"
        + @"(?<series>[^#{\s][^{\s]*(\{(?<labels>.*)\})? )?",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Family();

    [GeneratedRegex("(?<label>\\w+)=\"", RegexOptions.ExplicitCapture)]
    private static partial Regex LabelName();

    [GeneratedRegex(
        @"^\| `indiimusic_\w+` \| (counter|gauge|histogram) \|.*$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^ *ask '(?<query>[^']+)'", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Ask();
}
