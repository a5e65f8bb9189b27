using IndiiMusic.Cluster.Tests.Cluster;
using IndiiMusic.TestServers;

namespace IndiiMusic.Cluster.Tests.Telemetry;

/// <summary>
/// What a silo and a gateway say in their logs and traces: two programs of their own, on the cluster's servers, that
/// say all they can.
/// </summary>
[Collection(ClusterCollection.Name)]
[Trait("Server", "Consul")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "Redis")]
[Trait("Server", "S3")]
public sealed class ClusterTelemetryTests(IndiiCluster cluster)
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Caller = "00f067aa0ba902b7";
    private const string RedisPassword = "canary-redis-secret";
    private const string ConsulToken = "canary-consul-token";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Entries_and_spans_of_two_programs_belong_together_and_name_nobody()
    {
        using var collector = new OtlpReceiver();
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        await using var silo = cluster.NewSilo(Shared(collector));
        await using var gateway = cluster.NewGateway(
            address, [.. Shared(collector), ("Redis:Password", RedisPassword)]);
        await Task.WhenAll(silo.StartAsync(), gateway.StartAsync());
        using var flow = new CanaryFlow(address) { TraceParent = $"00-{Trace}-{Caller}-01" };
        await flow.RunAsync();
        var spans = await collector.UntilAsync(HasFollower, Patience);
        await gateway.StopAsync();
        await silo.StopAsync();

        string[] secrets = [.. flow.Secrets, RedisPassword, ConsulToken, cluster.S3.SecretKey];
        foreach (var program in (ProgramProcess[])[silo, gateway])
        {
            LogLines.AssertHoldNoneOf(secrets, program.Output);
            var entries = LogLines.Read(program.Output);
            LogLines.AssertFitTheFields(entries);
            Assert.Contains(entries, entry => LogLines.TextOf(entry, "trace.id") == flow.RefusedTraceId);
        }

        Assert.Contains(LogLines.Read(silo.Output), entry =>
            LogLines.TextOf(entry, "trace.id") == flow.RefusedTraceId
            && LogLines.TextOf(entry, "event.action") == "log-in"
            && LogLines.TextOf(entry, "service.name") == "indii-silo");
        LogLines.AssertHoldNoneOf(secrets, collector.Text);
        AssertIsOneTrace(spans);
    }

    private static bool HasFollower(IReadOnlyList<OtlpSpan> spans) =>
        spans.Any(span => span.Name == "stream follow") && spans.Any(span => span.ParentId == Caller);

    private static void AssertIsOneTrace(IReadOnlyList<OtlpSpan> spans)
    {
        Assert.All(spans, span => Assert.Equal(Trace, span.TraceId));
        var http = Assert.Single(spans, span => span.ParentId == Caller);
        Assert.Equal(("indii-api", 2), (http.Service, http.Kind));
        var call = Assert.Single(spans, span => span.ParentId == http.SpanId && span.Name == "IPlaylistGrain/Execute");
        Assert.Equal(("indii-api", 3), (call.Service, call.Kind));
        var grain = Assert.Single(spans, span => span.ParentId == call.SpanId);
        Assert.Equal(("indii-silo", 2), (grain.Service, grain.Kind));
        var append = Assert.Single(spans, span => span.ParentId == grain.SpanId && span.Name == "event store append");
        Assert.Contains(spans, span => span.ParentId == append.SpanId && span.Source == "MongoDB.Driver");
        var publish = Assert.Single(spans, span => span.ParentId == grain.SpanId && span.Name == "stream publish");
        Assert.Contains(spans, span => span.Source == "RabbitMQ.Client.Publisher");
        Assert.Single(spans, span => span.ParentId == publish.SpanId && span.Name == "stream follow");
    }

    // A cluster of its own, so that every call of these two stays between them.
    private static (string Key, string Value)[] Shared(OtlpReceiver collector) =>
    [
        ("Cluster:ClusterId", "telemetry"),
        ("Cluster:ServiceId", "telemetry"),
        ("Storage:MongoDb:Database", "telemetry"),
        ("Consul:Token", ConsulToken),
        ("Logging:LogLevel:Default", "Trace"),
        ("Logging:LogLevel:IndiiMusic", "Trace"),
        ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"),
        ("Tracing:OtlpEndpoint", collector.Address),
        ("Tracing:Protocol", "HttpProtobuf"),
        ("Tracing:SampleRatio", "0"),
    ];
}
