using System.Text.Json.Nodes;

namespace IndiiMusic.Deployment.Tests.Dashboards;

/// <summary>
/// The dashboards as Grafana takes them in anywhere: nothing of one installation in them. Their queries are held against
/// a running cluster by tests/Cluster.Tests.
/// </summary>
public sealed class DashboardTests
{
    private const int Width = 24;
    private const string Folder = "helm/indiimusic/files/dashboards";

    private static readonly string[] Variables = ["datasource", "job", "instance"];

    public static TheoryData<string> Dashboards =>
        [.. Directory.GetFiles(Repository.PathOf(Folder), "*.json").Select(file => Path.GetFileName(file))];

    [Fact]
    public void There_is_one_for_each_concern() => Assert.Equal(
        ["dependencies.json", "overview.json", "playlists.json", "silos.json"],
        Directory.GetFiles(Repository.PathOf(Folder)).Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void It_fits_any_Grafana(string file)
    {
        var dashboard = Read(file);

        Assert.Null(dashboard["id"]);
        Assert.Equal($"indiimusic-{Path.GetFileNameWithoutExtension(file)}", Text(dashboard["uid"]));
        Assert.InRange(dashboard["schemaVersion"]!.GetValue<int>(), 39, 50);
        Assert.NotEmpty(Text(dashboard["description"]));
        Assert.Equal(Variables, dashboard["templating"]!["list"]!.AsArray().Select(each => Text(each!["name"])));
        Assert.All(Sources(dashboard["panels"]!), uid => Assert.Equal("${datasource}", uid));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Each_panel_says_what_it_shows_and_in_which_unit(string file)
    {
        var ids = new HashSet<int>();
        var rows = 0;
        foreach (var panel in Read(file)["panels"]!.AsArray())
        {
            var title = Text(panel!["title"]);
            Assert.True(ids.Add(panel["id"]!.GetValue<int>()), $"{title} has another panel's id.");
            if (Text(panel["type"]) == "row")
            {
                rows++;
                continue;
            }

            Assert.True(Text(panel["description"]) is { Length: > 20 }, $"{title} says nothing of itself.");
            Assert.True(Text(panel["fieldConfig"]!["defaults"]!["unit"]).Length > 0, $"{title} has no unit.");
            foreach (var target in panel["targets"]!.AsArray())
            {
                var query = Text(target!["expr"]);
                Assert.Contains("job=~\"$job\",instance=~\"$instance\"", query, StringComparison.Ordinal);
                Assert.DoesNotMatch(@"rate\([^\[]*\[\d", query);
            }
        }

        Assert.True(rows > 1);
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void No_panel_lies_on_another(string file)
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in Read(file)["panels"]!.AsArray())
        {
            var place = panel!["gridPos"]!;
            var (x, y) = (place["x"]!.GetValue<int>(), place["y"]!.GetValue<int>());
            Assert.True(x + place["w"]!.GetValue<int>() <= Width, $"{panel["title"]} is too wide.");
            for (var column = x; column < x + place["w"]!.GetValue<int>(); column++)
            {
                for (var line = y; line < y + place["h"]!.GetValue<int>(); line++)
                    Assert.True(taken.Add((column, line)), $"{panel["title"]} lies on another panel.");
            }
        }
    }

    private static JsonObject Read(string file) =>
        JsonNode.Parse(File.ReadAllText(Repository.PathOf($"{Folder}/{file}")))!.AsObject();

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static IEnumerable<string> Sources(JsonNode node) => node switch
    {
        JsonObject map => map.SelectMany(each => each is { Key: "datasource", Value: { } source }
            ? [Text(source["uid"])]
            : each.Value is { } value ? Sources(value) : []),
        JsonArray list => list.SelectMany(each => each is null ? [] : Sources(each)),
        _ => [],
    };
}
