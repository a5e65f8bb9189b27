using System.Diagnostics;
using System.Text;

namespace IndiiMusic.Standalone.Tests.Serve;

/// <summary>The built program as a process of its own, with data in a folder of its own.</summary>
public sealed class StandaloneProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StandaloneProcess(Process process) => _process = process;

    /// <summary>What it wrote on stdout so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>What it wrote on stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public int Id => _process.Id;

    /// <summary>Runs the program with these words.</summary>
    public static StandaloneProcess Run(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(StandaloneApplication).Assembly.Location, .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("INDIIMUSIC_DATA");
        var running = new StandaloneProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        running._process.OutputDataReceived += (_, line) => running.Hear(line.Data, running._output);
        running._process.ErrorDataReceived += (_, line) => running.Hear(line.Data, running._errors);
        running._process.Exited += (_, _) => running._ready.TrySetException(
            new InvalidOperationException($"It ended before it was ready: {running.Errors}"));
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs a server on ports that the kernel picks.</summary>
    public static StandaloneProcess Serve(string data, params string[] args) => Run(
        ["--data", data, "--url", "http://127.0.0.1:0", "--management-url", "http://127.0.0.1:0", .. args]);

    /// <summary>Waits until it answers.</summary>
    /// <returns>The address that it prints.</returns>
    public Task<string> ReadyAsync() => _ready.Task.WaitAsync(Patience);

    /// <summary>Sends a signal, such as TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended and all its output is there.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
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

    private void Hear(string? line, StringBuilder into)
    {
        if (line is null)
            return;
        lock (into)
            into.AppendLine(line);
        const string Announcement = " is ready at ";
        if (line.IndexOf(Announcement, StringComparison.Ordinal) is > 0 and var at)
            _ready.TrySetResult(line[(at + Announcement.Length)..]);
    }
}
