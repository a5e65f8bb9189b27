using System.Globalization;
using System.Text.Json;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>Makes sense of ffprobe's JSON.</summary>
internal static class FfprobeFacts
{
    /// <summary>How sure ffprobe is of the container, 0 to 100.</summary>
    public static int ProbeScore(JsonElement probe) =>
        probe.GetProperty("format").TryGetProperty("probe_score", out var score) ? score.GetInt32() : 0;

    /// <summary>What the file is and says.</summary>
    /// <exception cref="BrokenMediaException">There is no audio in it that could be played.</exception>
    public static MediaFacts Read(JsonElement probe, string fallbackTitle)
    {
        var format = probe.GetProperty("format");
        var streams = probe.GetProperty("streams").EnumerateArray().ToList();
        var audio = streams.Find(stream => Text(stream, "codec_type") == "audio");
        if (audio.ValueKind == JsonValueKind.Undefined)
            throw new BrokenMediaException("it holds no audio");
        var codec = Text(audio, "codec_name") ?? throw new BrokenMediaException("its codec is unknown");
        var seconds = Number(format, "duration") ?? Number(audio, "duration") ?? 0;
        var durationMs = (long)Math.Round(seconds * 1000);
        if (durationMs < 1)
            throw new BrokenMediaException("it plays for no time at all");
        var sampleRateHz = (int)(Number(audio, "sample_rate") ?? 0);
        var channels = (int)(Number(audio, "channels") ?? 0);
        if (sampleRateHz < 1 || channels < 1)
            throw new BrokenMediaException("its header cannot be decoded");

        var (extension, mediaType) = Kind(Text(format, "format_name") ?? "", codec);
        return new MediaFacts(
            FfprobeTags.Read(Tags(format, audio), fallbackTitle),
            extension,
            mediaType,
            codec,
            durationMs,
            (int?)(Number(audio, "bit_rate") ?? Number(format, "bit_rate")),
            sampleRateHz,
            channels,
            HasPicture: streams.Exists(stream => Text(stream, "codec_type") == "video"));
    }

    private static (string Extension, string MediaType) Kind(string format, string codec) => format switch
    {
        "mp3" => ("mp3", "audio/mpeg"),
        "flac" => ("flac", "audio/flac"),
        "ogg" => (codec == "opus" ? "opus" : "ogg", "audio/ogg"),
        "wav" or "w64" => ("wav", "audio/wav"),
        "aiff" => ("aiff", "audio/aiff"),
        _ when format.Split(',').Contains("mp4") => ("m4a", "audio/mp4"),
        _ => throw new BrokenMediaException($"its container '{format}' is not supported"),
    };

    // Ogg keeps tags with the stream and most others with the file; where both have one, the file's holds.
    private static Dictionary<string, string> Tags(JsonElement format, JsonElement audio)
    {
        var tags = new Dictionary<string, string>();
        foreach (var holder in new[] { audio, format })
        {
            if (!holder.TryGetProperty("tags", out var found))
                continue;
            foreach (var tag in found.EnumerateObject())
            {
                if (tag.Value.ValueKind == JsonValueKind.String)
                    tags[FfprobeTags.Key(tag.Name)] = tag.Value.GetString()!;
            }
        }

        return tags;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // ffprobe writes most numbers as texts, and "N/A" for those it does not know.
    private static double? Number(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetDouble();
        return double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? number
                : null;
    }
}
