using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>What the sources say about the members of options classes: the summary above each.</summary>
internal static partial class OptionsComments
{
    private static readonly Lazy<IReadOnlyList<string>> Sources = new(static () => [.. Directory
        .EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
        .Select(File.ReadAllText)
        .Where(text => text.Contains("const string Section", StringComparison.Ordinal))]);

    /// <summary>What the sources say of a feature.</summary>
    public static string OfFeature(string name)
    {
        var source = File.ReadAllText(Repository.PathOf("src/Infrastructure/Features/Feature.cs"));
        return Plain(Regex.Match(source, $@"<summary>([^<]*)</summary>\s+{name},").Groups[1].Value);
    }

    public static string Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        var source = Sources.Value.Single(text =>
            text.Contains($"namespace {type.Namespace};", StringComparison.Ordinal)
            && Regex.IsMatch(text, $@"\bclass {type.Name}\b"));
        var inClass = source[Regex.Match(source, $@"\bclass {type.Name}\b").Index..];
        var lines = inClass.Split('\n');
        var at = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"^    public [\w<>?\[\], ]+ {property.Name} "));
        var end = at - 1;
        while (end > 0 && !lines[end].TrimStart().StartsWith("///", StringComparison.Ordinal))
        {
            if (lines[end].Trim().Length == 0)
                throw new InvalidOperationException($"{type}.{property.Name} has no comment that says what it is.");
            end--;
        }

        var begin = end;
        while (lines[begin - 1].TrimStart().StartsWith("///", StringComparison.Ordinal))
            begin--;
        var comment = string.Join(' ', lines[begin..(end + 1)].Select(line => line.Trim().TrimStart('/').Trim()));
        return Plain(Summary().Match(comment).Groups["text"].Value);
    }

    private static string Plain(string comment)
    {
        var text = Reference().Replace(comment, match => $"`{match.Groups["name"].Value.Split('.')[^1]}`");
        text = Code().Replace(text, match => $"`{match.Groups["text"].Value}`");
        return WebUtility.HtmlDecode(Spaces().Replace(text, " ")).Trim();
    }

    [GeneratedRegex("<summary>(?<text>.*)</summary>", RegexOptions.Singleline)]
    private static partial Regex Summary();

    [GeneratedRegex("""<(see|paramref) \w+="(?<name>[^"]+)" ?/>""", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex("<c>(?<text>.*?)</c>")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
