using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>What a program wrote before it ended.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">Its standard output, or as much of it as was allowed.</param>
/// <param name="IsCut">Whether there was more than was allowed.</param>
/// <param name="Errors">The end of its standard error.</param>
internal sealed record MediaProgramResult(int ExitCode, byte[] Output, bool IsCut, string Errors);

/// <summary>
/// Runs one of ffmpeg's programs on a file. Arguments are passed as they are, with no shell, so that no file name can
/// mean anything but itself; time and output are bounded.
/// </summary>
internal static class MediaProgram
{
    private const int ErrorCharactersMax = 4_000;

    public static async Task<MediaProgramResult> RunAsync(
        string program, IEnumerable<string> arguments, int outputBytesMax, TimeSpan timeout, CancellationToken stop)
    {
        using var process = Start(program, arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(timeout);
        try
        {
            var errors = ReadErrorsAsync(process, deadline.Token);
            var (output, isCut) = await ReadOutputAsync(process, outputBytesMax, deadline.Token);
            if (isCut)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(deadline.Token);
            return new MediaProgramResult(process.ExitCode, output, isCut, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            stop.ThrowIfCancellationRequested();
            throw new BrokenMediaException($"reading it did not end within {timeout.TotalSeconds:0} s");
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception failure)
        {
            throw new MediaToolMissingException(
                $"The program '{program}' could not be started ({failure.Message}). Install ffmpeg "
                + "(on Debian or Ubuntu: apt-get install ffmpeg), or set Ffmpeg:Ffprobe and Ffmpeg:Ffmpeg to paths.",
                failure);
        }
    }

    private static async Task<(byte[] Output, bool IsCut)> ReadOutputAsync(
        Process process, int bytesMax, CancellationToken stop)
    {
        var output = new MemoryStream();
        var buffer = new byte[81_920];
        var source = process.StandardOutput.BaseStream;
        while (await source.ReadAsync(buffer, stop) is var count and > 0)
        {
            if (output.Length + count > bytesMax)
                return (output.ToArray(), true);
            output.Write(buffer, 0, count);
        }

        return (output.ToArray(), false);
    }

    private static async Task<string> ReadErrorsAsync(Process process, CancellationToken stop)
    {
        var last = new StringBuilder();
        var buffer = new char[1_024];
        while (await process.StandardError.ReadAsync(buffer, stop) is var count and > 0)
        {
            last.Append(buffer, 0, count);
            if (last.Length > ErrorCharactersMax)
                last.Remove(0, last.Length - ErrorCharactersMax);
        }

        return last.ToString();
    }
}
