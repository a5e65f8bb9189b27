using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>How ffmpeg's programs are started. Section <c>Ffmpeg</c>.</summary>
public sealed class FfmpegOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ffmpeg";

    /// <summary>The program that reads tags: a name to look up in PATH, or a path.</summary>
    [Required]
    [Live]
    public string Ffprobe { get; set; } = "ffprobe";

    /// <summary>The program that takes pictures out of files: a name to look up in PATH, or a path.</summary>
    [Required]
    [Live]
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>Seconds that one file may take; a file that takes longer counts as broken.</summary>
    [Range(1, 600)]
    [Live]
    public int TimeoutSeconds { get; set; } = 30;
}
