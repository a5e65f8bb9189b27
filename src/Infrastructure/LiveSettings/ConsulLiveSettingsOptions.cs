using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Live settings in Consul. Section <c>LiveSettings:Consul</c>.</summary>
public sealed class ConsulLiveSettingsOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "LiveSettings:Consul";

    /// <summary>
    /// The folder of Consul's keys below which settings stand, without a slash at its ends. Each key below it is a
    /// setting, with <c>/</c> for <c>:</c>.
    /// </summary>
    public string KeyPrefix { get; set; } = "indiimusic/settings";
}

/// <summary>Holds that the prefix names a folder.</summary>
internal sealed class ConsulLiveSettingsOptionsValidator : IValidateOptions<ConsulLiveSettingsOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsulLiveSettingsOptions options) =>
        options.KeyPrefix.Split('/').Any(folder => folder.Trim().Length == 0)
            ? ValidateOptionsResult.Fail(
                $"{ConsulLiveSettingsOptions.Section}:{nameof(options.KeyPrefix)} is '{options.KeyPrefix}'; "
                + "it may be like 'indiimusic/settings'.")
            : ValidateOptionsResult.Success;
}
