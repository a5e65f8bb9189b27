using IndiiMusic.Standalone.Tests.Serve;
using IndiiMusic.TestServers;

namespace IndiiMusic.Cluster.Tests.Telemetry;

/// <summary>What Standalone says in its log and its traces, of real requests and at every level.</summary>
public sealed class StandaloneTelemetryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _data = Directory.CreateTempSubdirectory("indii-telemetry-").FullName;

    [Theory]
    [InlineData("Ecs")]
    [InlineData("Text")]
    public async Task No_secret_and_no_person_stands_in_any_line(string format)
    {
        await using var server = StandaloneProcess.Serve(_data, [.. AtEveryLevel, "--set", $"Logging:Format={format}"]);
        using var flow = new CanaryFlow(await server.ReadyAsync());
        await flow.RunAsync();
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());

        Assert.Contains("Orleans.Runtime", server.Output + server.Errors, StringComparison.Ordinal);
        LogLines.AssertHoldNoneOf(flow.Secrets, server.Output + server.Errors);
        if (format == "Text")
        {
            // What is printed for programs to read stays free of the log.
            Assert.DoesNotContain("IndiiMusic.Audit", server.Output, StringComparison.Ordinal);
            Assert.Contains("IndiiMusic.Audit: log-in: failure", server.Errors, StringComparison.Ordinal);
            return;
        }

        var entries = LogLines.Read(server.Output);
        LogLines.AssertFitTheFields(entries);
        var found = entries.Where(entry => LogLines.TextOf(entry, "trace.id") == flow.RefusedTraceId).ToList();
        Assert.Contains(found, entry => LogLines.TextOf(entry, "event.action") == "log-in"
            && LogLines.TextOf(entry, "event.outcome") == "failure"
            && LogLines.TextOf(entry, "client.ip") == "127.0.0.0");
        Assert.Contains(found, entry => LogLines.TextOf(entry, "url.path") == "/api/v1/auth/login");
        Assert.Superset(
            new HashSet<string?>
            {
                "account-registered", "log-in", "refresh-token-reused", "session-ended",
                "playlist-invite-created", "playlist-visibility-changed",
            },
            entries.Select(entry => LogLines.TextOf(entry, "event.action")).ToHashSet());
    }

    [Fact]
    public async Task An_edit_is_one_trace_down_to_the_database()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        const string caller = "b7ad6b7169203331";
        using var collector = new OtlpReceiver();
        await using var server = StandaloneProcess.Serve(
            _data,
            "--set", $"Tracing:OtlpEndpoint={collector.Address}",
            "--set", "Tracing:Protocol=HttpProtobuf",
            "--set", "Tracing:SampleRatio=0");
        using var flow = new CanaryFlow(await server.ReadyAsync()) { TraceParent = $"00-{trace}-{caller}-01" };
        await flow.RunAsync();
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());

        var spans = await collector.UntilAsync(
            spans => spans.Any(span => span.Name == "sqlite write"), Patience);
        Assert.All(spans, span => Assert.Equal(trace, span.TraceId));
        var http = Assert.Single(spans, span => span.ParentId == caller);
        Assert.Equal("POST /api/v1/playlists/{id:guid}/operations", http.Name);
        var call = Assert.Single(spans, span => span.ParentId == http.SpanId && span.Name == "IPlaylistGrain/Execute");
        var grain = Assert.Single(spans, span => span.ParentId == call.SpanId);
        var append = Assert.Single(spans, span => span.ParentId == grain.SpanId && span.Name == "event store append");
        Assert.Single(spans, span => span.ParentId == append.SpanId && span.Name == "sqlite write");
        LogLines.AssertHoldNoneOf(flow.Secrets, collector.Text);
    }

    [Fact]
    public async Task A_collector_that_is_away_costs_one_line_and_nothing_else()
    {
        await using var server = StandaloneProcess.Serve(
            _data,
            "--set", $"Tracing:OtlpEndpoint=http://127.0.0.1:{FreePort.Next()}",
            "--set", "Tracing:SampleRatio=1");
        using var flow = new CanaryFlow(await server.ReadyAsync());
        await flow.RunAsync();
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitAsync());

        var line = Assert.Single(
            server.Errors.Split('\n'), each => each.Contains("takes no traces", StringComparison.Ordinal));
        Assert.Contains("WRN IndiiMusic.Infrastructure.Tracing.CollectorWatch", line, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    internal static string[] AtEveryLevel =>
    [
        "--set", "Logging:LogLevel:Default=Trace",
        "--set", "Logging:LogLevel:IndiiMusic=Trace",
        "--set", "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace",
        "--set", "Logging:LogLevel:Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher=Trace",
    ];
}
