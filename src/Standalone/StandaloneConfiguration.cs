using IndiiMusic.Api.Listeners;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Sqlite;
using IndiiMusic.Standalone.Data;
using Microsoft.Extensions.Configuration.Memory;

namespace IndiiMusic.Standalone;

/// <summary>
/// Where settings come from; the later has the last word: appsettings.json, environment, command line.
/// </summary>
internal static class StandaloneConfiguration
{
    /// <summary>The configuration key of the data folder.</summary>
    public const string DataPathKey = "Data:Path";

    private const string Prefix = "INDIIMUSIC_";

    /// <summary>Reads all sources anew, then derives from the data folder what lies in it.</summary>
    /// <param name="configuration">What to fill.</param>
    /// <param name="settings">The command line's settings, as <c>--Key:Path=value</c>.</param>
    /// <returns>The full path of the data folder.</returns>
    public static string Read(IConfigurationManager configuration, string[] settings)
    {
        configuration.Sources.Clear();
        configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"));
        configuration.AddEnvironmentVariables();
        configuration.AddEnvironmentVariables(Prefix);
        if (Environment.GetEnvironmentVariable(Prefix + "DATA") is { Length: > 0 } path)
        {
            configuration.AddInMemoryCollection([new(DataPathKey, path)]);
        }

        configuration.AddCommandLine(settings);
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
            ],
        });
        return data;
    }
}
