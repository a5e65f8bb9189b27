using System.Diagnostics;
using IndiiMusic.Standalone;

namespace IndiiMusic.Bench.Hosting;

/// <summary>A server in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Announcement = " is ready at ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it answers.</summary>
    public Uri Address { get; }

    /// <summary>Starts the built Standalone on a data folder, with limits that do not get in the way.</summary>
    public static Task<ServerProcess> StartStandaloneAsync(string data) => StartAsync(
        typeof(StandaloneApplication).Assembly.Location,
        "--data", data,
        "--url", "http://127.0.0.1:0",
        "--management-url", "http://127.0.0.1:0",
        "--set", "RateLimits:UserPerSecond=1000000",
        "--set", "RateLimits:UserBurst=1000000",
        "--set", "RateLimits:HubPerSecond=1000000",
        "--set", "RateLimits:HubBurst=1000000");

    /// <summary>Starts the bare server.</summary>
    public static Task<ServerProcess> StartBareAsync(params string[] options) =>
        StartAsync(typeof(ServerProcess).Assembly.Location, [BareServer.CommandName, .. options]);

    /// <summary>How much processor time it has used.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Starts a program without waiting for it.</summary>
    public static Process Spawn(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("INDIIMUSIC_DATA");
        return Process.Start(start)!;
    }

    private static async Task<ServerProcess> StartAsync(string program, params string[] arguments)
    {
        var process = Spawn(program, arguments);
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is > 0 and var at)
            {
                // What else it says is read and dropped, lest it waits for a reader.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new ServerProcess(process, new Uri(line[(at + Announcement.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"{program} ended before it was ready.");
    }
}
