using System.Text.Json.Nodes;
using k8s.Models;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>What helm and Kubernetes's types say of the chart.</summary>
[Trait("Server", "Helm")]
public sealed class ChartRenderTests
{
    public static TheoryData<string> Sets => RenderedChart.Sets;

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Helm_finds_nothing_to_say(string set)
    {
        var output = await Helm.RunAsync("lint", "--strict", "--values", Helm.ValuesFile(set), Helm.Chart);

        Assert.Contains("1 chart(s) linted, 0 chart(s) failed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("[WARNING]", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_object_is_one_that_kubernetes_knows_and_names_what_it_is_part_of(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        Assert.True(chart.Objects.Count >= 10, $"There are only {chart.Objects.Count} objects.");
        Assert.All(chart.Objects, each =>
        {
            Assert.Equal(RenderedChart.Release, each.Metadata.Labels["app.kubernetes.io/instance"]);
            Assert.StartsWith("music-indiimusic", each.Metadata.Name, StringComparison.Ordinal);
            Assert.True(each.Metadata.Name.Length <= 63, each.Metadata.Name);
        });
        Assert.Equal(
            chart.Objects.Count,
            chart.Objects.Select(each => (each.Kind, each.Metadata.Name)).Distinct().Count());
    }

    [Fact]
    public async Task A_field_that_kubernetes_does_not_know_fails()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => RenderedChart.OfAsync(
            "minimal", "gateway.extraVolumes[0].name=odd", "gateway.extraVolumes[0].emptyDirectory.sizeLimit=1Gi"));

        Assert.Contains("emptyDirectory", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_and_dashboards_are_those_of_the_files()
    {
        var chart = await RenderedChart.OfSetAsync("production");
        var text = await File.ReadAllTextAsync(Path.Combine(Helm.Chart, "files/alerts.yaml"));
        var alerts = chart.Only<PrometheusRule>().Spec.Groups.SelectMany(group => group.Rules).ToList();

        Assert.Equal(
            text.Split('\n').Count(line => line.TrimStart().StartsWith("- alert: ", StringComparison.Ordinal)),
            alerts.Count(rule => rule.Alert is not null));
        Assert.All(alerts.Where(rule => rule.Alert is not null), rule => Assert.StartsWith(
            "https://git.example.org/music/indii/blob/main/docs/operating.md#",
            rule.Annotations["runbook_url"],
            StringComparison.Ordinal));

        // What Prometheus fills in is left for it.
        Assert.Contains(alerts, rule => rule.Annotations.Values.Any(value =>
            value.Contains("{{ $value", StringComparison.Ordinal)));

        var files = Directory.GetFiles(Path.Combine(Helm.Chart, "files/dashboards"), "*.json");
        var dashboards = chart.All<V1ConfigMap>().Where(map =>
            map.Metadata.Labels.TryGetValue("grafana_dashboard", out var found) && found == "1").ToList();
        Assert.Equal(files.Length, dashboards.Count);
        Assert.All(dashboards, map => Assert.IsType<JsonObject>(JsonNode.Parse(Assert.Single(map.Data).Value)));
    }

    [Fact]
    public async Task What_must_be_said_is_asked_for_at_once()
    {
        var (exitCode, _, errors) = await Helm.TryAsync(["template", "music", Helm.Chart]);

        Assert.NotEqual(0, exitCode);
        foreach (var value in (string[])
            ["mongodb.existingSecret.name", "rabbitmq.endpoints", "redis.servers", "consul.address", "s3.bucket"])
        {
            Assert.Contains(value, errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("silo.replica=2", "additional properties 'replica' not allowed")]
    [InlineData("silo.replicas=none", "/silo/replicas")]
    [InlineData("image.tag=latest", "/image/tag")]
    [InlineData("gateway.drainSeconds=99", "/gateway/drainSeconds")]
    [InlineData("s3.redirect=Elsewhere", "/s3/redirect")]
    [InlineData("s3.bucket=My_Bucket", "/s3/bucket")]
    [InlineData(@"redis.servers=a:1\,password=x", "/redis/servers")]
    [InlineData("rabbitmq.endpoints=amqp://u:p@mq", "/rabbitmq/endpoints")]
    [InlineData("consul.address=consul:8500", "/consul/address")]
    [InlineData("mongodb.connectionString=mongo:27017", "/mongodb/connectionString")]
    [InlineData("ingress.controller=apache", "/ingress/controller")]
    [InlineData("gateway.trustedProxies={everybody}", "/gateway/trustedProxies/0")]
    [InlineData("config.Redis:Password=x", "invalid propertyName 'Redis:Password'")]
    [InlineData("silo.config.Streams:RabbitMq:Uri=x", "invalid propertyName 'Streams:RabbitMq:Uri'")]
    [InlineData("silo.resources.limits=null", "limits")]
    [InlineData("silo.temporary.sizeLimit=lots", "/silo/temporary/sizeLimit")]
    [InlineData("runAs.user=0", "/runAs/user")]
    public async Task Wrong_values_are_refused(string value, string reason)
    {
        var (exitCode, _, errors) = await Helm.TryAsync(RenderedChart.Arguments("minimal", value));

        Assert.NotEqual(0, exitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_value_is_in_the_schema_and_nothing_else_is_allowed_anywhere()
    {
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Helm.Chart, "values.schema.json")))!;
        var open = new List<string>();
        Walk(schema, "", (path, node) =>
        {
            if (node["properties"] is not null && node["additionalProperties"]?.GetValue<bool>() != false)
                open.Add(path);
        });

        Assert.Empty(open);
    }

    [Fact]
    public async Task Names_stay_within_their_bounds_when_the_release_has_a_long_one()
    {
        var text = await Helm.RunAsync(
        [
            "template", new string('r', 53), Helm.Chart, "--values", Helm.ValuesFile("production"),
        ]);
        var names = RenderedChart.Read(text).Objects.Select(each => each.Metadata.Name);

        Assert.All(names, name => Assert.True(name.Length <= 63, name));
    }

    private static void Walk(JsonNode node, string path, Action<string, JsonObject> visit)
    {
        if (node is JsonArray array)
        {
            foreach (var each in array)
                Walk(each!, path + "[]", visit);
        }

        if (node is not JsonObject map)
            return;
        visit(path, map);
        foreach (var (key, value) in map)
        {
            if (value is not null)
                Walk(value, $"{path}/{key}", visit);
        }
    }
}
