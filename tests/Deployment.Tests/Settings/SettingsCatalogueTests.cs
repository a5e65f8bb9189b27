using System.Text.Json;
using System.Text.RegularExpressions;
using IndiiMusic.Infrastructure.Configuration;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>The list of settings is what the programs read, no more and no less.</summary>
public sealed partial class SettingsCatalogueTests
{
    private const string Regenerate =
        "Run INDIIMUSIC_WRITE_GOLDEN=1 dotnet test tests/Deployment.Tests --filter SettingsCatalogueTests, and read the diff.";

    private static readonly string List = Repository.PathOf("src/Infrastructure/Configuration/settings.json");
    private static readonly string Page = Repository.PathOf("docs/configuration.md");

    [Fact]
    public async Task The_list_and_the_page_say_what_the_code_reads()
    {
        var settings = await ProgramSettings.ReadAsync();
        var lines = settings.Select(setting => JsonSerializer.Serialize(setting, SettingsCatalogue.Json));
        var list = $"[\n{string.Join(",\n", lines)}\n]\n";
        var page = SettingsPage.Of(settings);
        if (Environment.GetEnvironmentVariable("INDIIMUSIC_WRITE_GOLDEN") is { Length: > 0 })
        {
            await File.WriteAllTextAsync(List, list);
            await File.WriteAllTextAsync(Page, page);
        }

        Assert.True(list == await File.ReadAllTextAsync(List), $"{List} is not what the code reads. {Regenerate}");
        Assert.True(page == await File.ReadAllTextAsync(Page), $"{Page} is not what the code reads. {Regenerate}");
    }

    [Fact]
    public async Task Every_setting_is_read_by_a_program_and_says_what_it_is()
    {
        var settings = await ProgramSettings.ReadAsync();

        Assert.All(settings, setting => Assert.NotEmpty(setting.Programs));
        Assert.All(settings, setting => Assert.Matches(@"^\S.*[.!)]$", setting.Description));
        Assert.Equal(settings.Count, settings.Select(setting => setting.Key).Distinct().Count());
        Assert.All(
            settings.Where(setting => SecretName().IsMatch(setting.Key) && setting.Kind == SettingKind.Text),
            setting => Assert.True(setting.IsSecret, $"{setting.Key} sounds like a secret and is not marked as one"));
    }

    [Fact]
    public void Every_choice_of_an_adapter_is_listed()
    {
        var choices = Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Choice().Matches(File.ReadAllText(file)).Select(match => match.Groups["concern"].Value))
            .Distinct()
            .Order();

        Assert.Equal(
            choices,
            DirectSettings.Read().Select(setting => setting.Key)
                .Where(key => key.EndsWith(":Provider", StringComparison.Ordinal))
                .Select(key => key.Split(':')[0])
                .Order());
    }

    [GeneratedRegex("password|secret|hashkey|token$|connectionstring|:uri$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"ChooseProvider\([^;]*?""(?<concern>[A-Z]\w+)""", RegexOptions.Singleline)]
    private static partial Regex Choice();
}
