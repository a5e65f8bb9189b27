using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// How the log is written. Section <c>Logging</c>, beside the host's own <c>LogLevel</c>. Read once, at the start; the
/// levels are heard while the program runs.
/// </summary>
public sealed class LogOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Logging";

    /// <summary>A shorter key could be guessed.</summary>
    public const int HashKeyCharactersMin = 16;

    /// <summary>How an entry looks.</summary>
    public LogFormat Format { get; set; } = LogFormat.Text;

    /// <summary>
    /// A secret of at least 16 characters, the same for all processes, that users' and
    /// sessions' ids are hashed with. Without it the key follows from <c>Cluster:ServiceId</c>: then hashes agree
    /// across the cluster, and whoever knows a user's id can work out theirs.
    /// </summary>
    [Secret]
    public string? HashKey { get; set; }

    /// <summary>What <c>service.node.name</c> says; the machine's, or pod's, own name unless set.</summary>
    [MaxLength(256)]
    public string? NodeName { get; set; }

    /// <summary>What <c>service.environment</c> says, such as <c>staging</c>.</summary>
    [MaxLength(256)]
    public string Environment { get; set; } = "production";
}

/// <summary>How an entry of the log looks.</summary>
public enum LogFormat
{
    /// <summary>Lines for people, on stderr.</summary>
    Text,

    /// <summary>One JSON object a line in the Elastic Common Schema, on stdout.</summary>
    Ecs,
}

/// <summary>Holds <see cref="LogOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class LogOptionsRanges : IValidateOptions<LogOptions>;

/// <summary>Holds that a key, where there is one, is worth the name.</summary>
internal sealed class LogOptionsValidator : IValidateOptions<LogOptions>
{
    public ValidateOptionsResult Validate(string? name, LogOptions options) =>
        options.HashKey is { Length: > 0 and < LogOptions.HashKeyCharactersMin }
            ? ValidateOptionsResult.Fail(
                $"{LogOptions.Section}:{nameof(LogOptions.HashKey)} is too short; it is a secret of at least "
                + $"{LogOptions.HashKeyCharactersMin} characters, the same for all processes of the cluster.")
            : ValidateOptionsResult.Success;
}
