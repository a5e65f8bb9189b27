using System.Text.RegularExpressions;
using IndiiMusic.Infrastructure.Configuration;
using YamlDotNet.RepresentationModel;

namespace IndiiMusic.Deployment.Tests.Workflows;

/// <summary>
/// What a workflow may do and what it names: nobody runs one before it is merged, so that a wrong path or a wide
/// permission shows late.
/// </summary>
public sealed partial class WorkflowTests
{
    private const string Folder = ".github/workflows";

    private static readonly string[] Files =
        [.. Directory.EnumerateFiles(Repository.PathOf(Folder), "*.yml").Select(Path.GetFileName).OfType<string>()];

    public static TheoryData<string> Names => [.. Files];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_may_read_and_each_job_says_what_else_it_may(string name)
    {
        var workflow = Read($"{Folder}/{name}");
        var permission = Assert.Single(Map(workflow, "permissions")!);

        Assert.Equal(("contents", "read"), (Text(permission.Key), Text(permission.Value)));
        Assert.Null(Map(workflow, "on")?.Children.Keys.FirstOrDefault(key => Text(key) == "pull_request_target"));
        foreach (var (job, steps) in Jobs(workflow))
        {
            Assert.True(Text(job, "uses") is not null || Text(job, "timeout-minutes") is not null, "A job has no end.");
            Assert.DoesNotContain("write-all", job.ToString(), StringComparison.Ordinal);
            Assert.All(Checkouts(steps), step => Assert.Equal("false", Text(Map(step, "with")!, "persist-credentials")));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_others_wrote_is_pinned_to_a_commit_with_its_version_beside_it(string name)
    {
        var lines = File.ReadAllLines(Repository.PathOf($"{Folder}/{name}"))
            .Where(line => line.Contains("uses: ", StringComparison.Ordinal)
                && !line.Contains("uses: ./", StringComparison.Ordinal));

        Assert.All(lines, line => Assert.Matches(Pinned(), line));
    }

    [Fact]
    public void Each_action_has_one_version_everywhere()
    {
        var versions = Files.SelectMany(name => File.ReadAllLines(Repository.PathOf($"{Folder}/{name}")))
            .Select(line => Pinned().Match(line)).Where(match => match.Success)
            .GroupBy(match => match.Groups["repository"].Value, match => match.Groups["pin"].Value);

        Assert.All(versions, pins => Assert.Single(pins.Distinct(StringComparer.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_from_outside_becomes_part_of_a_script(string name)
    {
        var scripts = Jobs(Read($"{Folder}/{name}")).SelectMany(job => job.Steps)
            .Select(step => Text(step, "run")).OfType<string>();

        Assert.All(scripts, script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_file_of_the_repository_that_it_names_is_there(string name)
    {
        var text = File.ReadAllText(Repository.PathOf($"{Folder}/{name}"));
        var paths = PathInRepository().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal);

        Assert.All(paths, path => Assert.True(
            Path.Exists(Repository.PathOf(path)), $"{name} names {path}, which is not there."));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_setting_that_it_makes_is_one_that_the_programs_know(string name)
    {
        var settings = Setting().Matches(File.ReadAllText(Repository.PathOf($"{Folder}/{name}")))
            .Select(match => match.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal))
            .Where(key => key != "TEST_MONGODB");

        Assert.All(settings, key => Assert.True(SettingsCatalogue.Find(key) is not null, $"No program knows {key}."));
    }

    [Fact]
    public void Updates_are_looked_for_where_there_is_something_to_update()
    {
        var updates = (YamlSequenceNode)Read(".github/dependabot.yml")["updates"];
        var found = updates.Select(update => (
            Ecosystem: Text(update, "package-ecosystem")!,
            Folders: ((YamlMappingNode)update).Children.TryGetValue("directories", out var several)
                ? ((YamlSequenceNode)several).Select(Text).ToList()
                : [Text(update, "directory")!])).ToList();

        foreach (var (ecosystem, folders) in found)
        {
            var file = ecosystem switch
            {
                "nuget" => "Directory.Packages.props",
                "dotnet-sdk" => "global.json",
                "docker" => "Dockerfile",
                "docker-compose" => "compose.yaml",
                "github-actions" => Folder,
                _ => throw new InvalidOperationException($"What does {ecosystem} update?"),
            };
            Assert.All(folders, folder => Assert.True(
                Path.Exists(Repository.PathOf(Path.Combine(folder.TrimStart('/'), file))), $"{folder} has no {file}."));
        }

        var dockerfiles = Directory.EnumerateFiles(Repository.PathOf("src"), "Dockerfile", SearchOption.AllDirectories)
            .Select(file => "/" + Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(file)!));
        Assert.Equal(
            dockerfiles.Order(StringComparer.Ordinal),
            found.Single(update => update.Ecosystem == "docker").Folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_image_that_is_released_is_built_when_it_changes_and_its_parts_are_listed()
    {
        var release = File.ReadAllText(Repository.PathOf($"{Folder}/release.yml"));

        foreach (var image in (string[])["Silo", "Api", "Standalone"])
            Assert.Contains($"src/{image}/Dockerfile", release, StringComparison.Ordinal);
        Assert.Contains("sbom: true", release, StringComparison.Ordinal);
        Assert.Contains("provenance: mode=max", release, StringComparison.Ordinal);
    }

    private static IEnumerable<(YamlMappingNode Job, IReadOnlyList<YamlNode> Steps)> Jobs(YamlMappingNode workflow) =>
        Map(workflow, "jobs")!.Children.Values.Cast<YamlMappingNode>().Select(job => (
            job,
            (IReadOnlyList<YamlNode>)(job.Children.TryGetValue("steps", out var steps)
                ? [.. (YamlSequenceNode)steps]
                : [])));

    private static IEnumerable<YamlNode> Checkouts(IEnumerable<YamlNode> steps) => steps.Where(step =>
        Text(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true);

    private static YamlMappingNode Read(string path)
    {
        using var reader = File.OpenText(Repository.PathOf(path));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static YamlMappingNode? Map(YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? value as YamlMappingNode : null;

    private static string? Text(YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? Text(value) : null;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    [GeneratedRegex(
        @"uses: (?<repository>[\w.-]+/[\w.-]+)(/[\w.-]+)?@(?<pin>[0-9a-f]{40} # v\d+\.\d+\.\d+)$",
        RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Pinned();

    [GeneratedRegex(
        @"(?<![\w./-])(\./)?((src|tests|helm|docs|bench)/[\w./-]*[\w-]|test\.sh|run\.sh|IndiiMusic\.sln|global\.json|\.env\.example)",
        RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PathInRepository();

    [GeneratedRegex(@"INDIIMUSIC_(?<key>\w+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Setting();
}
