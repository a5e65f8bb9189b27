using IndiiMusic.Infrastructure.LiveSettings;
using Microsoft.Extensions.Configuration;

namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>
/// Where every program's settings come from; the later has the last word: <c>appsettings.&lt;program&gt;.json</c>
/// beside the program, the environment, the same with the prefix <c>INDIIMUSIC_</c>, live settings, the command line
/// (ADR 0017 says why in this order).
/// </summary>
public static class SettingsSources
{
    /// <summary>The prefix of this product's own environment variables.</summary>
    public const string Prefix = "INDIIMUSIC_";

    /// <summary>Forgets other sources and reads these.</summary>
    /// <param name="configuration">What to fill.</param>
    /// <param name="program">The program, as its file of defaults is called after it.</param>
    /// <param name="settings">The command line's settings, as <c>--Key:Path=value</c>.</param>
    public static void Read(IConfigurationManager configuration, string program, string[] settings)
    {
        configuration.Sources.Clear();
        configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, $"appsettings.{program}.json"));
        configuration.AddEnvironmentVariables();
        configuration.AddEnvironmentVariables(Prefix);
        configuration.Sources.Add(new LiveSettingsSource());
        configuration.AddCommandLine(settings);
    }
}
