using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Tracks;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>Reads files with ffprobe and takes pictures out of them with ffmpeg.</summary>
internal sealed class FfmpegMediaProbe(IOptionsMonitor<FfmpegOptions> options) : IMediaProbe
{
    // The demuxers of the supported kinds. All others are shut out: some of them would follow a file's contents to
    // other files and servers, which a file that a stranger sends must not make this machine do.
    private const string Formats = "mp3,flac,ogg,mov,mp4,m4a,3gp,3g2,mj2,wav,w64,aiff";

    private const int JsonBytesMax = 16 * 1024 * 1024;

    // Below this, ffprobe has guessed by little more than the file's name, and only decoding shows if it is right.
    private const int SureProbeScore = 50;

    private TimeSpan Timeout => TimeSpan.FromSeconds(options.CurrentValue.TimeoutSeconds);

    public async Task<MediaFacts> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        var result = await MediaProgram.RunAsync(
            options.CurrentValue.Ffprobe,
            [
                .. Input("-v", "error", path),
                "-print_format", "json",
                "-show_format",
                "-show_streams",
            ],
            JsonBytesMax,
            Timeout,
            cancellationToken);
        if (result.ExitCode != 0)
            throw new BrokenMediaException(Reason(result.Errors, path));
        if (result.IsCut)
            throw new BrokenMediaException($"its tags are larger than {JsonBytesMax} bytes");

        using var json = Parse(result.Output);
        var facts = FfprobeFacts.Read(json.RootElement, Path.GetFileNameWithoutExtension(path));
        if (FfprobeFacts.ProbeScore(json.RootElement) < SureProbeScore)
            await RequireDecodableAsync(path, cancellationToken);
        return facts;
    }

    public async Task<byte[]?> ReadPictureAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await MediaProgram.RunAsync(
                options.CurrentValue.Ffmpeg,
                [
                    .. Input("-nostdin", "-v", "error", path),
                    "-map", "0:v:0",
                    "-frames:v", "1",
                    "-c", "copy",
                    "-f", "image2pipe",
                    "pipe:1",
                ],
                TrackLimits.ArtworkBytesMax,
                Timeout,
                cancellationToken);
            return result is { ExitCode: 0, IsCut: false, Output.Length: > 0 } ? result.Output : null;
        }
        catch (BrokenMediaException)
        {
            // A picture that cannot be taken out is no reason to refuse the music.
            return null;
        }
    }

    public async Task RequireToolAsync(CancellationToken cancellationToken)
    {
        foreach (var program in new[] { options.CurrentValue.Ffprobe, options.CurrentValue.Ffmpeg })
            await MediaProgram.RunAsync(program, ["-v", "quiet", "-version"], 64 * 1024, Timeout, cancellationToken);
    }

    private async Task RequireDecodableAsync(string path, CancellationToken cancellationToken)
    {
        var result = await MediaProgram.RunAsync(
            options.CurrentValue.Ffmpeg,
            [.. Input("-nostdin", "-v", "error", path), "-map", "0:a:0", "-t", "2", "-f", "s16le", "pipe:1"],
            outputBytesMax: 16 * 1024 * 1024,
            Timeout,
            cancellationToken);
        if (result.Output.Length == 0)
            throw new BrokenMediaException(Reason(result.Errors, path));
    }

    // The prefix keeps a name that begins with a dash or looks like a URL from being anything but a file.
    private static string[] Input(params ReadOnlySpan<string> optionsAndPath) =>
    [
        .. optionsAndPath[..^1],
        "-protocol_whitelist", "file,pipe",
        "-format_whitelist", Formats,
        "-i", $"file:{Path.GetFullPath(optionsAndPath[^1])}",
    ];

    private static JsonDocument Parse(byte[] output)
    {
        try
        {
            return JsonDocument.Parse(output);
        }
        catch (JsonException failure)
        {
            throw new BrokenMediaException("its tags cannot be read", failure);
        }
    }

    // The last line names the file and the error, the one before it often the cause: "[mp3 @ 0x55d] Failed to read…".
    private static string Reason(string errors, string path)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .TakeLast(2)
            .Select(line => line.Replace($"file:{Path.GetFullPath(path)}: ", "", StringComparison.Ordinal))
            .Select(line => line.StartsWith('[')
                ? line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim() : line)
            .ToList();
        return lines.Count == 0 ? "it cannot be decoded" : $"it cannot be decoded: {string.Join("; ", lines)}";
    }
}
