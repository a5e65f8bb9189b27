using System.Text.RegularExpressions;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>What an expression in PromQL asks for. Prometheus itself says whether it is one.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "and", "or", "unless", "bool" };

    /// <summary>The series that it selects.</summary>
    public static IReadOnlyList<Selector> Selectors(string expression)
    {
        var bare = Grouping().Replace(Range().Replace(expression, ""), "");
        return
        [
            .. Selection().Matches(bare)
                .Where(match => !Words.Contains(match.Groups["name"].Value))
                .Select(match => new Selector(
                    match.Groups["name"].Value,
                    [
                        .. Matching().Matches(match.Groups["matchers"].Value).Select(each => new Matcher(
                            each.Groups["label"].Value, each.Groups["how"].Value, each.Groups["value"].Value)),
                    ])),
        ];
    }

    /// <summary>The labels that it groups or joins by.</summary>
    public static IReadOnlyList<string> GroupedBy(string expression) =>
    [
        .. Grouping().Matches(expression)
            .SelectMany(match => match.Groups["labels"].Value.Split(','))
            .Select(label => label.Trim())
            .Where(label => label.Length > 0 && label != "le"),
    ];

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(
        @"\b(by|on|without|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Grouping();

    /// <summary>A name that no call follows, with its matchers; numbers and durations begin with a digit.</summary>
    [GeneratedRegex(
        @"(?<![\w:""])(?<name>[a-zA-Z_:][\w:]*)\b(?!\s*\()(\{(?<matchers>[^}]*)\})?", RegexOptions.ExplicitCapture)]
    private static partial Regex Selection();

    [GeneratedRegex(@"(?<label>\w+)\s*(?<how>=~|!~|!=|=)\s*""(?<value>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Matching();
}

/// <summary>A metric, and which of its series.</summary>
internal sealed record Selector(string Name, IReadOnlyList<Matcher> Matchers);

/// <summary>What a label must be, must not be, must look like or must not look like.</summary>
internal sealed record Matcher(string Label, string How, string Value);
