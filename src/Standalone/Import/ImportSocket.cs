using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IndiiMusic.Api.Listeners;
using IndiiMusic.Infrastructure.Hosting;

namespace IndiiMusic.Standalone.Import;

/// <summary>
/// Importing through a running server: the command asks over the control socket, and the server answers with one line
/// of JSON per event until the import has ended. When the command ends, so does the import.
/// </summary>
internal static class ImportSocket
{
    private const string Route = "/control/imports";
    private const string LinesOfJson = "application/x-ndjson";

    /// <summary>The server's side; reachable by whoever owns the data folder, and nobody else.</summary>
    public static void MapImportControl(this IEndpointRouteBuilder app) =>
        app.MapPost(Route, ServeAsync)
            .DisableRequestTimeout()
            .ExcludeFromDescription()
            .OnlyOn(Listener.Control);

    /// <summary>The command's side.</summary>
    /// <exception cref="StartRefusedException">Nobody answers at the socket.</exception>
    public static async IAsyncEnumerable<ImportEvent> AskAsync(
        string socketPath, ImportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, stop) => ConnectAsync(socketPath, stop),
        });
        client.Timeout = Timeout.InfiniteTimeSpan;
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri("http://control" + Route))
        {
            Content = JsonContent.Create(request, ImportJson.Default.ImportRequest),
        };
        using var answer = await SendAsync(client, message, cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var lines = new StreamReader(body);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonSerializer.Deserialize(line, ImportJson.Default.ImportEvent)!;
    }

    private static async Task ServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = await JsonSerializer.DeserializeAsync(
            context.Request.Body, ImportJson.Default.ImportRequest, cancellationToken);
        var import = ActivatorUtilities.CreateInstance<FolderImport>(context.RequestServices);
        context.Response.ContentType = LinesOfJson;
        await foreach (var happened in import.RunAsync(request!, cancellationToken))
        {
            await JsonSerializer.SerializeAsync(
                context.Response.Body, happened, ImportJson.Default.ImportEvent, cancellationToken);
            await context.Response.WriteAsync("\n", cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException failure)
        {
            throw new StartRefusedException(
                "Another process uses the data folder and takes no imports: an import that has not ended yet, or a "
                + $"server of another version. Wait until it has ended, then try again. ({failure.Message})");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
