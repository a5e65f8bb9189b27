using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.LiveSettings;

internal sealed partial class LiveSettingsFollower
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} live settings are taken from {Place}.")]
    private partial void LogTaken(int count, string place);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The setting {Key} takes effect when this program starts the next time.")]
    private partial void LogAtNextStart(string key);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The live setting {Key} has no effect here: {Winner} sets it too, and has the last word.")]
    private partial void LogOverridden(string key, string winner);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No program of this version reads the setting {Key} in {Place}; it is passed over.")]
    private partial void LogPassedOver(string key, string place);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Settings in {Place} are refused, all of them, and what held before goes on: {Problem}")]
    private partial void LogRefused(string place, string problem);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Live settings in {Place} are away; those that held go on. {Why}")]
    private partial void LogAway(string place, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Live settings in {Place} cannot be read; the program starts without them. {Why}")]
    private partial void LogNotThere(string place, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Live settings in {Place} are heard again.")]
    private partial void LogBack(string place);

    [LoggerMessage(Level = LogLevel.Error, Message = "Live settings in {Place} cannot be taken over.")]
    private partial void LogFailed(string place, Exception failure);
}
