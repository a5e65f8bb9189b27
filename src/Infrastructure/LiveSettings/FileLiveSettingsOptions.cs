using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Live settings in a file. Section <c>LiveSettings:File</c>.</summary>
public sealed class FileLiveSettingsOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "LiveSettings:File";

    /// <summary>The file, in JSON as appsettings files are. It need not exist: then nothing is changed.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>
    /// How often the file is looked at. No watch of the file system's does it, because those miss files that are
    /// mounted or linked.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Holds <see cref="FileLiveSettingsOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class FileLiveSettingsOptionsValidator : IValidateOptions<FileLiveSettingsOptions>;
