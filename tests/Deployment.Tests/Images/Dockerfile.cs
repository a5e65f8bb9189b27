using System.Text.RegularExpressions;

namespace IndiiMusic.Deployment.Tests.Images;

/// <summary>A Dockerfile's instructions, each on one line and without its comments.</summary>
internal sealed partial class Dockerfile
{
    private readonly List<(string Word, string Text)> _instructions;

    private Dockerfile(string project, string text)
    {
        Project = project;
        var joined = Continuation().Replace(Comment().Replace(text, ""), " ");
        _instructions =
        [
            .. joined.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
                .Select(parts => (parts[0], parts[1])),
        ];
    }

    /// <summary>The project that it publishes.</summary>
    public string Project { get; }

    /// <summary>The instructions of the image that is kept: those after the last FROM.</summary>
    public IReadOnlyList<(string Word, string Text)> Kept =>
        [.. _instructions[_instructions.FindLastIndex(each => each.Word == "FROM")..]];

    public static Dockerfile Of(string project) =>
        new(project, File.ReadAllText(Repository.PathOf($"src/{project}/Dockerfile")));

    /// <summary>What stands behind each use of a word.</summary>
    public IReadOnlyList<string> All(string word) =>
        [.. _instructions.Where(each => each.Word == word).Select(each => each.Text)];

    /// <summary>What stands behind a word that the kept image has once.</summary>
    public string Only(string word) => Assert.Single(Kept, each => each.Word == word).Text;

    /// <summary>Where an instruction stands among all.</summary>
    public int IndexOf(Func<(string Word, string Text), bool> which) => _instructions.FindIndex(each => which(each));

    /// <summary>The variables of the kept image.</summary>
    public Dictionary<string, string> Environment() => Kept.Where(each => each.Word == "ENV")
        .SelectMany(each => each.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();
}
