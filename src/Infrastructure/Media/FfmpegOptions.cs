using System.ComponentModel.DataAnnotations;

namespace IndiiMusic.Infrastructure.Media;

/// <summary>How ffmpeg's programs are started. Section <c>Ffmpeg</c>.</summary>
public sealed class FfmpegOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ffmpeg";

    /// <summary>The program that reads tags: a name to look up in PATH, or a path.</summary>
    [Required]
    public string Ffprobe { get; set; } = "ffprobe";

    /// <summary>The program that takes pictures out of files: a name to look up in PATH, or a path.</summary>
    [Required]
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>Seconds that one file may take; a file that takes longer counts as broken.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;
}
