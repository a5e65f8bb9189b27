using k8s;
using k8s.Models;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>The servers for trying the chart out, and the values that go with them.</summary>
[Trait("Server", "Helm")]
public sealed class TrialServersTests
{
    private static readonly string Values = Repository.PathOf("docs/kubernetes/trial-values.yaml");

    private static IReadOnlyList<object> Servers { get; } = KubernetesYaml.LoadAllFromString(
        File.ReadAllText(Repository.PathOf("docs/kubernetes/servers.yaml")), strict: true);

    [Fact]
    public async Task The_chart_finds_them_and_their_secrets()
    {
        var chart = RenderedChart.Read(await Helm.RunAsync("template", "music", Helm.Chart, "--values", Values));
        var addresses = Servers.OfType<V1Service>().ToDictionary(
            each => each.Metadata.Name, each => Assert.Single(each.Spec.Ports).Port);
        var silo = ProgramEnvironment.Open(chart, "silo");
        var gateway = ProgramEnvironment.Open(chart, "gateway");

        Assert.Equal(5672, addresses[silo["Streams:RabbitMq:Endpoints"]]);
        Assert.Equal($"redis:{addresses["redis"]}", gateway["Redis:ConnectionString"]);
        Assert.Equal($"http://consul:{addresses["consul"]}", silo["Consul:Address"]);
        Assert.Equal($"http://s3:{addresses["s3"]}", silo["Objects:S3:ServiceUrl"]);

        // The command that makes the secret says all that anybody takes from it.
        var command = await File.ReadAllTextAsync(Repository.PathOf("docs/operating.md"));
        var taken = RenderedChart.Components.SelectMany(each => ProgramEnvironment.Secret(chart, each).Values)
            .Concat(Containers().SelectMany(each => each.Env ?? []).Select(each => each.ValueFrom?.SecretKeyRef))
            .OfType<V1SecretKeySelector>().ToList();
        Assert.True(taken.Count >= 10);
        Assert.All(taken, each => Assert.Equal("indii-servers", each.Name));
        Assert.All(taken, each => Assert.Contains($"--from-literal={each.Key}=", command, StringComparison.Ordinal));
        Assert.Contains(
            $"mongodb-connection-string='mongodb://mongodb:{addresses["mongodb"]}/?replicaSet=rs0'",
            command,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_is_asked_whether_it_can_work_and_has_limits()
    {
        Assert.Equal(5, Servers.OfType<V1StatefulSet>().Count());
        foreach (var server in Servers.OfType<V1StatefulSet>())
        {
            var container = Assert.Single(server.Spec.Template.Spec.Containers);
            Assert.NotNull(container.ReadinessProbe);
            Assert.Matches(@":[\w.-]*\d[\w.-]*$", container.Image);
            var service = Assert.Single(
                Servers.OfType<V1Service>(), each => each.Metadata.Name == server.Spec.ServiceName);
            Assert.True(RenderedChart.Matches(service.Spec.Selector, server.Spec.Template.Metadata.Labels));
            Assert.Equal(service.Spec.Ports[0].Port, container.Ports[0].ContainerPort);
        }

        Assert.All(Containers(), container => Assert.True(container.Resources.Limits.ContainsKey("memory")));
    }

    private static IEnumerable<V1Container> Containers() =>
        Servers.OfType<V1StatefulSet>().Select(each => each.Spec.Template.Spec)
            .Concat(Servers.OfType<V1Job>().Select(each => each.Spec.Template.Spec))
            .SelectMany(spec => spec.Containers);
}
