using IndiiMusic.Api.Listeners;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Sqlite;
using IndiiMusic.Standalone.Data;
using Microsoft.Extensions.Configuration.Memory;

namespace IndiiMusic.Standalone;

/// <summary>Settings as every program reads them, and what follows from the data folder.</summary>
internal static class StandaloneConfiguration
{
    /// <summary>The configuration key of the data folder.</summary>
    public const string DataPathKey = "Data:Path";

    /// <summary>Reads all sources anew, then derives from the data folder what lies in it.</summary>
    /// <param name="configuration">What to fill.</param>
    /// <param name="settings">The command line's settings, as <c>--Key:Path=value</c>.</param>
    /// <returns>The full path of the data folder.</returns>
    public static string Read(IConfigurationManager configuration, string[] settings)
    {
        string[] folder = Environment.GetEnvironmentVariable(SettingsSources.Prefix + "DATA") is { Length: > 0 } path
            ? [$"--{DataPathKey}={path}"]
            : [];
        SettingsSources.Read(configuration, "standalone", [.. folder, .. settings]);
        var data = Path.GetFullPath(configuration[DataPathKey] is { Length: > 0 } chosen ? chosen : "data");
        configuration.AddInMemoryCollection(
        [
            new(DataPathKey, data),
            new(ListenersHosting.ControlSocketKey, DataFolder.ControlSocket(data)),
        ]);
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new($"{SqliteOptions.Section}:{nameof(SqliteOptions.File)}", Path.Combine(data, "indii.db")),
                new(
                    $"{FolderObjectStoreOptions.Section}:{nameof(FolderObjectStoreOptions.Folder)}",
                    Path.Combine(data, "objects")),
                new(
                    $"{FileLiveSettingsOptions.Section}:{nameof(FileLiveSettingsOptions.Path)}",
                    Path.Combine(data, "settings.json")),
            ],
        });
        return data;
    }
}
