using System.Diagnostics;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace IndiiMusic.Deployment.Tests.Alerts;

/// <summary>
/// The alert rules as an operator loads them. What makes each fire, and what does not, stands beside this class in files
/// for <c>promtool test rules</c>, named after the alert.
/// </summary>
[Trait("Server", "Prometheus")]
public sealed partial class AlertTests
{
    private const string Rules = "helm/indiimusic/files/alerts.yaml";
    private const string Tests = "tests/Deployment.Tests/Alerts";

    private static readonly string[] Severities = ["critical", "warning"];

    public static TheoryData<string> Alerts => [.. ReadAlerts().Select(alert => (string)alert["alert"])];

    [Fact]
    public async Task Prometheus_takes_the_rules() =>
        await PromtoolAsync("check", "rules", Repository.PathOf(Rules));

    [Theory]
    [MemberData(nameof(Alerts))]
    public async Task It_fires_when_it_should_and_not_when_it_should_not(string alert)
    {
        var file = Repository.PathOf($"{Tests}/{alert}.yml");
        await PromtoolAsync("test", "rules", file);

        var expected = List(Read(file)["tests"])
            .SelectMany(test => List(test["alert_rule_test"]))
            .Where(at => (string)at["alertname"] == alert)
            .Select(at => at["exp_alerts"] is List<object> { Count: > 0 })
            .ToList();
        Assert.Contains(true, expected);
        Assert.Contains(false, expected);
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void It_says_how_bad_it_is_and_what_to_do(string name)
    {
        var alert = ReadAlerts().Single(each => (string)each["alert"] == name);

        Assert.Contains((string)Map(alert["labels"])["severity"], Severities);
        var annotations = Map(alert["annotations"]);
        Assert.NotEmpty((string)annotations["summary"]);
        Assert.NotEmpty((string)annotations["description"]);
        var (page, heading) = (string)annotations["runbook_url"] is var url && url.Split('#') is [var path, var anchor]
            ? (path, anchor)
            : throw new InvalidOperationException($"{name} has the runbook {url}.");
        Assert.Equal(name.ToLowerInvariant(), heading);
        Assert.Contains(heading, Headings(File.ReadAllText(Repository.PathOf(page))));
    }

    [Fact]
    public void No_test_and_no_runbook_is_left_of_an_alert_that_is_gone()
    {
        var alerts = ReadAlerts().Select(alert => (string)alert["alert"]).ToHashSet(StringComparer.Ordinal);

        var tested = Directory.GetFiles(Repository.PathOf(Tests), "*.yml").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(alerts.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
        var described = AlertHeading().Matches(File.ReadAllText(Repository.PathOf("docs/operating.md")))
            .Select(heading => heading.Groups["alert"].Value);
        Assert.Equal(alerts.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = promtool.StandardError.ReadToEndAsync();
        var output = await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, output + await errors);
    }

    private static List<Dictionary<object, object>> ReadAlerts() =>
        [.. List(Read(Repository.PathOf(Rules))["groups"]).SelectMany(group => List(group["rules"]))];

    private static Dictionary<object, object> Read(string file) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(file));

    private static IEnumerable<Dictionary<object, object>> List(object list) => ((List<object>)list).Select(Map);

    private static Dictionary<object, object> Map(object map) => (Dictionary<object, object>)map;

    /// <summary>The headings of a page as the fragments that lead to them.</summary>
    private static HashSet<string> Headings(string markdown) => Heading().Matches(markdown)
        .Select(heading => heading.Groups["text"].Value.ToLowerInvariant().Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("^### (?<alert>IndiiMusic\\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex AlertHeading();
}
