using System.Text;
using IndiiMusic.Infrastructure.Configuration;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>docs/configuration.md.</summary>
internal static class SettingsPage
{
    private const string Head = """
        # Settings

        Every key that the programs read. This page is written by a test from the code and held against it; after a change of
        options: `INDIIMUSIC_WRITE_GOLDEN=1 dotnet test tests/Deployment.Tests --filter SettingsCatalogueTests`.

        How settings are given, and which source has the last word, stands in [operating.md](operating.md#settings). In an environment
        variable `__` stands for `:`, and the prefix `INDIIMUSIC_` may stand before it; in Consul `/` stands for `:`. `<n>` is 0, 1, 2 and so
        on. A time is written `hh:mm:ss`, `hh:mm:ss.fff` or `d.hh:mm:ss`. What is out of its range stops the start, and as a live
        change is refused; a key that is not on this page is named in the log, with the nearest one that is.

        **Changes**: *at once* settings follow [live settings](operating.md#changing-settings-while-it-runs) while the program runs;
        *at start* means that a live change waits for the next start; *start only* that live settings cannot carry it, because it is read
        before they are. **Secret** values are never shown.

        """;

    public static string Of(IReadOnlyList<Setting> settings)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var section in settings.GroupBy(setting => setting.Key.Split(':')[0], StringComparer.Ordinal))
        {
            page.Append('\n').Append("## ").Append(section.Key).Append("\n\n");
            page.Append("| key | default | may be | changes | read by | what it is |\n|---|---|---|---|---|---|\n");
            foreach (var setting in section)
            {
                page.Append("| `").Append(setting.Key).Append("` | ")
                    .Append(setting.IsSecret ? "" : Cell(setting.Default)).Append(" | ")
                    .Append(setting.IsSecret ? "a secret" : Cell(setting.Allowed)).Append(" | ")
                    .Append(Word(setting.Change)).Append(" | ")
                    .Append(setting.Programs.Count == 3 ? "all" : string.Join(", ", setting.Programs)).Append(" | ")
                    .Append(Cell(setting.Description)).Append(" |\n");
            }
        }

        return page.ToString();
    }

    private static string Cell(string? text) => text?.Replace("|", "\\|", StringComparison.Ordinal) ?? "";

    private static string Word(SettingChange change) => change switch
    {
        SettingChange.Live => "at once",
        SettingChange.AtStart => "at start",
        _ => "start only",
    };
}
