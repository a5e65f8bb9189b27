using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace IndiiMusic.TestServers;

/// <summary>One span as a collector gets it.</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
/// <param name="Source">Which library made it.</param>
/// <param name="TraceId">32 hex digits.</param>
/// <param name="SpanId">16 hex digits.</param>
/// <param name="ParentId">16 hex digits; empty for the first of a trace.</param>
/// <param name="Name">What was done.</param>
/// <param name="Kind">1 internal, 2 server, 3 client, 4 producer, 5 consumer.</param>
/// <param name="Attributes">Its attributes, values as text.</param>
/// <param name="Links">The trace and span ids that it names.</param>
public sealed record OtlpSpan(
    string Service,
    string Source,
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    int Kind,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<(string TraceId, string SpanId)> Links);

/// <summary>Takes traces over OTLP/HTTP with protobuf, as a collector does, and reads what tests look at.</summary>
public sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentQueue<byte[]> _bodies = new();

    public OtlpReceiver()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Everything that came, oldest first.</summary>
    public IReadOnlyList<OtlpSpan> Spans => [.. _spans];

    /// <summary>All that came, as text: whatever bytes hold a string hold it here.</summary>
    public string Text => string.Concat(_bodies.Select(Encoding.Latin1.GetString));

    /// <summary>Waits until what came satisfies a condition.</summary>
    public async Task<IReadOnlyList<OtlpSpan>> UntilAsync(
        Func<IReadOnlyList<OtlpSpan>, bool> holds, TimeSpan patience)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!holds(Spans))
        {
            if (TimeProvider.System.GetElapsedTime(since) > patience)
            {
                var came = Spans.Select(span =>
                    $"{span.Service} {span.TraceId} {span.ParentId}>{span.SpanId} {span.Name}");
                throw new TimeoutException("These spans came: " + string.Join('\n', came));
            }

            await Task.Delay(50);
        }

        return Spans;
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            _bodies.Enqueue(body.ToArray());
            Read(body.ToArray());
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }

    // Field numbers of opentelemetry/proto/collector/trace/v1/trace_service.proto and the messages within.
    private void Read(byte[] request)
    {
        foreach (var resourceSpans in ProtobufFields.Of(request).All(1))
        {
            var fields = ProtobufFields.Of(resourceSpans);
            var resource = fields.All(1).SelectMany(bytes => Attributes(ProtobufFields.Of(bytes), 1)).ToDictionary();
            foreach (var scopeSpans in fields.All(2).Select(ProtobufFields.Of))
            {
                var source = scopeSpans.All(1).Select(scope => ProtobufFields.Of(scope).Text(1)).FirstOrDefault() ?? "";
                foreach (var span in scopeSpans.All(2).Select(ProtobufFields.Of))
                    _spans.Enqueue(Read(span, resource.GetValueOrDefault("service.name", ""), source));
            }
        }
    }

    private static OtlpSpan Read(ProtobufFields span, string service, string source) => new(
        service,
        source,
        span.Hex(1),
        span.Hex(2),
        span.Hex(4),
        span.Text(5),
        (int)span.Number(6),
        Attributes(span, 9).ToDictionary(),
        [.. span.All(13).Select(ProtobufFields.Of).Select(link => (link.Hex(1), link.Hex(2)))]);

    private static IEnumerable<KeyValuePair<string, string>> Attributes(ProtobufFields owner, int field) =>
        owner.All(field).Select(ProtobufFields.Of).Select(pair => KeyValuePair.Create(
            pair.Text(1),
            pair.All(2).Select(ProtobufFields.Of).Select(value => value.AnyText()).FirstOrDefault() ?? ""));
}
