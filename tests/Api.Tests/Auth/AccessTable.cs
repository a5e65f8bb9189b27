using System.Text.RegularExpressions;

namespace IndiiMusic.Api.Tests.Auth;

/// <summary>
/// A row of the table of docs/api.md that says who may call what. A row of the hub has its method's name after its
/// path.
/// </summary>
/// <param name="Route">Such as <c>GET /playlists/{id}</c>.</param>
/// <param name="Permission">Its name; empty where none is needed.</param>
/// <param name="Scope">Its word; empty where none is needed.</param>
/// <param name="Token">needed, optional, or ignored.</param>
public sealed partial record AccessRow(string Route, string Permission, string Scope, string Token)
{
    private const string None = "-";

    public string Method => Route.Split(' ')[0];

    public string Path => Route.Split(' ')[1];

    public bool IsOfTheHub => Method == "hub";

    public override string ToString() => $"| `{Route}` | {Word(Permission)} | {Word(Scope)} | {Token} |";

    /// <summary>The rows that the documentation has.</summary>
    public static IReadOnlyList<AccessRow> ReadDocumented()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path(folder)))
            folder = folder.Parent ?? throw new FileNotFoundException("docs/api.md");

        return [.. Row().Matches(File.ReadAllText(Path(folder))).Select(row => new AccessRow(
            row.Groups["route"].Value,
            Value(row.Groups["permission"].Value),
            Value(row.Groups["scope"].Value),
            row.Groups["token"].Value))];

        static string Path(DirectoryInfo folder) => System.IO.Path.Combine(folder.FullName, "docs", "api.md");
    }

    private static string Value(string cell) => cell == None ? "" : cell.Trim('`');

    private static string Word(string value) => value.Length == 0 ? None : $"`{value}`";

    [GeneratedRegex(
        @"^\| `(?<route>(GET|HEAD|POST|PUT|PATCH|DELETE|hub) [^`]+)` \| (?<permission>\S+) \| (?<scope>\S+) \| "
        + @"(?<token>needed|optional|ignored) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
