using System.Diagnostics;
using System.Globalization;
using System.Net;
using IndiiMusic.MongoDbServer;
using IndiiMusic.TestServers;
using k8s.Models;
using YamlDotNet.Serialization;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>
/// The real programs with the very environment and files that the chart gives them, on real servers: what probes ask,
/// what <c>helm test</c> asks, what the custom metrics are made of, and how long it takes to stop.
/// </summary>
[Trait("Server", "Helm")]
[Trait("Server", "Consul")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "Redis")]
public sealed class ChartProgramTests : IAsyncLifetime
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly string _keys = Directory.CreateTempSubdirectory("indii-chart-keys-").FullName;
    private readonly string _encryptionKeys = Directory.CreateTempSubdirectory("indii-chart-encryption-").FullName;
    private readonly Dictionary<string, Dictionary<int, int>> _ports = [];
    private MongoDbTestServer _mongoDb = null!;
    private RenderedChart _chart = null!;
    private ProgramProcess _silo = null!;
    private ProgramProcess _gateway = null!;

    private ConsulServer Consul { get; } = new();

    private RabbitMqServer RabbitMq { get; } = new();

    private RedisServer Redis { get; } = new("only-for-this-test");

    public async Task InitializeAsync()
    {
        _mongoDb = await MongoDbTestServer.StartAsync();
        await Task.WhenAll(Consul.StartAsync(), RabbitMq.StartAsync(), Redis.StartAsync());
        _chart = await RenderedChart.OfAsync(
            "minimal",
            $"mongodb.connectionString={_mongoDb.ConnectionString}",
            $"rabbitmq.endpoints=127.0.0.1:{RabbitMq.Port}",
            "rabbitmq.userName=guest",
            "rabbitmq.password=guest",
            $"redis.servers={Redis.Endpoint}",
            "redis.password=only-for-this-test",
            $"consul.address={Consul.Address.ToString().TrimEnd('/')}",
            "consul.registration=true",

            // S3 is told of elsewhere; without it both are degraded, which is ready all the same.
            "s3.serviceUrl=http://127.0.0.1:9",
            "gateway.drainSeconds=1");
        await MountAsync(Keys(), _keys);
        await MountAsync(
            _chart.Only<V1Secret>(each => each.Metadata.Name.EndsWith("-encryption-keys", StringComparison.Ordinal)),
            _encryptionKeys);

        _silo = Start("IndiiMusic.Silo", "silo");
        _gateway = Start("IndiiMusic.Api", "gateway");
        await Task.WhenAll(_silo.StartAsync(), _gateway.StartAsync());
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _silo.DisposeAsync();
        await Redis.DisposeAsync();
        await RabbitMq.DisposeAsync();
        await Consul.DisposeAsync();
        await _mongoDb.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
        Directory.Delete(_encryptionKeys, recursive: true);
    }

    [Fact]
    public async Task The_chart_describes_the_programs_as_they_really_are()
    {
        await EveryProbeIsAnsweredAsync();
        await TheTestOfHelmPassesAndFailsAsync();
        await TheKeyOfTheChartSignsAsync();
        await TheFiguresThatScaleAreThereFromTheStartAsync();
        await BothStopWithinTheirGraceAsync();
    }

    private async Task EveryProbeIsAnsweredAsync()
    {
        foreach (var component in RenderedChart.Components)
        {
            var container = _chart.Deployment(component).Spec.Template.Spec.Containers[0];
            V1Probe[] probes = [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];
            foreach (var probe in probes)
            {
                var port = container.Ports.First(each => each.Name == probe.HttpGet.Port.Value).ContainerPort;
                using var answer = await Http.GetAsync(Address(component, port, probe.HttpGet.Path));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

            foreach (var (inPod, here) in _ports[component])
            {
                using var connection = new System.Net.Sockets.TcpClient();
                await connection.ConnectAsync(IPAddress.Loopback, here);
                Assert.Contains(container.Ports, port => port.ContainerPort == inPod);
            }
        }

        // What is for the operator alone is not where the service and the ingress lead.
        using var figures = await Http.GetAsync(Address("gateway", 8080, "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, figures.StatusCode);
        var registered = await Http.GetStringAsync(new Uri(Consul.Address, "/v1/agent/services"));
        Assert.Contains("\"indii-silo\"", registered, StringComparison.Ordinal);
        Assert.Contains("\"indii-api\"", registered, StringComparison.Ordinal);
    }

    private async Task TheTestOfHelmPassesAndFailsAsync()
    {
        var test = _chart.Only<V1Pod>().Spec.Containers[0];
        Assert.Equal(["/usr/local/bin/check-health"], test.Command);
        var service = _chart.Only<V1Service>(each => each.Metadata.Name == test.Args[0]);
        Assert.Equal(test.Args[1], $"{Assert.Single(service.Spec.Ports).Port}");

        Assert.Equal(0, await CheckHealthAsync(_ports["gateway"][8080], test.Args.Skip(2)));
        Assert.Equal(1, await CheckHealthAsync(_ports["gateway"][8080], ["/health/ready", "/not/there"]));
        Assert.Equal(1, await CheckHealthAsync(FreePort.Next(), ["/health/ready"]));
    }

    private async Task TheKeyOfTheChartSignsAsync()
    {
        using var pem = System.Security.Cryptography.ECDsa.Create();
        pem.ImportFromPem(System.Text.Encoding.ASCII.GetString(Assert.Single(Keys().Data).Value));
        var x = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(
            pem.ExportParameters(includePrivateParameters: false).Q.X!);

        var jwks = await Http.GetStringAsync(Address("gateway", 8080, "/.well-known/jwks.json"));

        Assert.Contains(x, jwks, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_keys));
    }

    private async Task TheFiguresThatScaleAreThereFromTheStartAsync()
    {
        var rules = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(
            await File.ReadAllTextAsync(Path.Combine(Helm.Chart, "files/prometheus-adapter.yaml")))["rules"];
        var production = await RenderedChart.OfSetAsync("production");
        foreach (var (component, program) in ((string, ProgramProcess)[])[("silo", _silo), ("gateway", _gateway)])
        {
            var wanted = production.Only<V2HorizontalPodAutoscaler>(each =>
                    each.Metadata.Labels["app.kubernetes.io/component"] == component)
                .Spec.Metrics.Single(metric => metric.Type == "Pods").Pods.Metric.Name;
            var rule = Assert.Single(rules, each => ((Dictionary<object, object>)each["name"])["as"].Equals(wanted));
            var series = rule["seriesQuery"].ToString()!.Split('{')[0];
            await EventuallyAsync(async () => (await program.MetricsAsync()).Split('\n')
                .Any(line => line.StartsWith(series, StringComparison.Ordinal)), series);
        }
    }

    private async Task BothStopWithinTheirGraceAsync()
    {
        foreach (var (component, program) in ((string, ProgramProcess)[])[("gateway", _gateway), ("silo", _silo)])
        {
            var grace = _chart.Deployment(component).Spec.Template.Spec.TerminationGracePeriodSeconds!.Value;
            await program.SignalAsync("TERM");
            await program.EndedAsync().WaitAsync(TimeSpan.FromSeconds(grace));
        }
    }

    /// <summary>As the kubelet mounts it: read-only, for the group.</summary>
    private static async Task MountAsync(V1Secret secret, string folder)
    {
        foreach (var (name, key) in secret.Data)
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllBytesAsync(file, key);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }
    }

    private V1Secret Keys() => _chart.Only<V1Secret>(each =>
        each.Metadata.Name.EndsWith("-signing-keys", StringComparison.Ordinal));

    private Uri Address(string component, int port, string path) =>
        new($"http://127.0.0.1:{_ports[component][port].ToString(CultureInfo.InvariantCulture)}{path}");

    /// <summary>Its ports are other ones than in its pod, as this machine's are taken by others.</summary>
    private ProgramProcess Start(string program, string component)
    {
        var ports = _chart.Deployment(component).Spec.Template.Spec.Containers[0].Ports
            .ToDictionary(port => port.ContainerPort, _ => FreePort.Next());
        _ports[component] = ports;
        var settings = ProgramEnvironment.Whole(
            _chart, component, "127.0.0.1", key => throw new KeyNotFoundException(key));
        foreach (var key in (string[])
            ["Kestrel:Endpoints:Http:Url", "Kestrel:Endpoints:Management:Url", "Silo:SiloPort", "Silo:GatewayPort",
                "Registration:Port"])
        {
            foreach (var (inPod, here) in ports)
            {
                if (settings.TryGetValue(key, out var value) && value.EndsWith($"{inPod}", StringComparison.Ordinal))
                {
                    settings[key] = value[..^$"{inPod}".Length] + here.ToString(CultureInfo.InvariantCulture);
                    break;
                }
            }
        }

        foreach (var (key, here) in ((string, string)[])
            [("Auth:SigningKeys:Folder", _keys), ("Auth:EncryptionKeys:Folder", _encryptionKeys)])
        {
            if (!settings.TryGetValue(key, out var folder))
                continue;
            Assert.Contains(
                _chart.Deployment(component).Spec.Template.Spec.Containers[0].VolumeMounts,
                mount => mount.MountPath == folder && mount.ReadOnlyProperty == true);
            settings[key] = here;
        }

        var management = ports[8081].ToString(CultureInfo.InvariantCulture);
        return new ProgramProcess(program, $"http://127.0.0.1:{management}", settings);
    }

    private static async Task<int> CheckHealthAsync(int port, IEnumerable<string> paths)
    {
        var start = new ProcessStartInfo(
            Repository.PathOf("src/Infrastructure/Health/check-health.sh"),
            ["127.0.0.1", port.ToString(CultureInfo.InvariantCulture), .. paths])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var check = Process.Start(start)!;
        await check.WaitForExitAsync();
        return check.ExitCode;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(40), $"{what} did not come about.");
            await Task.Delay(200);
        }
    }
}
