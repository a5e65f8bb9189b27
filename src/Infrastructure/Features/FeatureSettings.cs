using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace IndiiMusic.Infrastructure.Features;

/// <summary>
/// How features stand in the configuration: the schema of Microsoft.FeatureManagement, of which this holds what is
/// understood here. What it does not know it refuses by name, because the library passes over it.
/// </summary>
public static partial class FeatureSettings
{
    /// <summary>Where features stand in the configuration.</summary>
    public const string Section = "FeatureManagement";

    /// <summary>Groups of users: <c>Features:Groups:&lt;name&gt;:&lt;n&gt;</c> is a user's id or name.</summary>
    public const string GroupsSection = "Features:Groups";

    private const int PercentMax = 100;

    // What filters there are, and which settings each of them takes; n stands for a number.
    private static readonly Dictionary<string, string[]> Filters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Targeting"] =
        [
            "Audience:Users:n", "Audience:Groups:n:Name", "Audience:Groups:n:RolloutPercentage",
            "Audience:DefaultRolloutPercentage", "Audience:Exclusion:Users:n", "Audience:Exclusion:Groups:n",
        ],
        ["Microsoft.Percentage"] = ["Value"],
        ["Microsoft.TimeWindow"] = ["Start", "End"],
    };

    /// <summary>Why what stands there is no feature, a line each; empty when all is well.</summary>
    public static IEnumerable<string> ProblemsOf(IConfiguration configuration)
    {
        var groups = configuration.GetSection(GroupsSection).GetChildren()
            .Select(group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var feature in configuration.GetSection(Section).GetChildren())
        {
            if (!Enum.TryParse<Feature>(feature.Key, ignoreCase: true, out _) || char.IsAsciiDigit(feature.Key[0]))
            {
                yield return $"{feature.Path} is no feature; there are {string.Join(", ", Enum.GetNames<Feature>())}.";
                continue;
            }

            foreach (var problem in ProblemsOf(feature, groups))
                yield return problem;
        }
    }

    /// <summary>Whether the value of a key is a user.</summary>
    internal static bool NamesUser(string key) =>
        key.StartsWith(GroupsSection + ':', StringComparison.OrdinalIgnoreCase)
        || key.Contains(":Users:", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> ProblemsOf(IConfigurationSection feature, HashSet<string> groups)
    {
        var parts = feature.GetChildren().ToList();
        if (parts.Count == 0)
        {
            if (!bool.TryParse(feature.Value, out _))
                yield return $"{feature.Path} is '{feature.Value}'; it may be true, false, or have EnabledFor.";
            yield break;
        }

        if (!string.IsNullOrEmpty(feature.Value))
        {
            yield return $"{feature.Path} is '{feature.Value}' and has {parts[0].Key} as well; "
                + "it may be the one or the other. The value may come from another source.";
        }

        foreach (var part in parts)
        {
            switch (part.Key.ToUpperInvariant())
            {
                case "REQUIREMENTTYPE":
                    if (part.Value?.ToUpperInvariant() is not ("ANY" or "ALL"))
                        yield return $"{part.Path} is '{part.Value}'; it may be Any or All.";
                    break;
                case "ENABLEDFOR":
                    foreach (var problem in part.GetChildren().SelectMany(filter => ProblemsOfFilter(filter, groups)))
                        yield return problem;
                    break;
                default:
                    yield return $"{part.Path} is no part of a feature; those are EnabledFor and RequirementType.";
                    break;
            }
        }
    }

    private static IEnumerable<string> ProblemsOfFilter(IConfigurationSection filter, HashSet<string> groups)
    {
        if (filter["Name"] is not { } name || !Filters.TryGetValue(name, out var settings))
        {
            yield return $"{filter.Path}:Name is '{filter["Name"]}'; it may be {string.Join(" or ", Filters.Keys)}.";
            yield break;
        }

        var given = filter.GetSection("Parameters");
        var values = given.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null).ToList();
        foreach (var (key, value) in values)
        {
            var setting = Number().Replace(key, "n");
            if (!settings.Contains(setting, StringComparer.OrdinalIgnoreCase))
                yield return $"{given.Path}:{key} is nothing for {name}; it takes {string.Join(", ", settings)}.";
            else if (ProblemOfValue(setting, value!, groups) is { } problem)
                yield return $"{given.Path}:{key} is {(NamesUser(key) ? "no id" : $"'{value}'")}; {problem}.";
        }

        foreach (var strange in filter.GetChildren()
            .Where(each => each.Key.ToUpperInvariant() is not ("NAME" or "PARAMETERS")))
        {
            yield return $"{strange.Path} is no part of a filter; those are Name and Parameters.";
        }

        if (values.Count == 0)
            yield return $"{given.Path} is missing; {name} takes {string.Join(", ", settings)}.";
    }

    private static string? ProblemOfValue(string setting, string value, HashSet<string> groups) => setting switch
    {
        "Value" or "Audience:DefaultRolloutPercentage" or "Audience:Groups:n:RolloutPercentage" =>
            double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
                && percent is >= 0 and <= PercentMax ? null : "it may be 0 to 100",
        "Audience:Users:n" or "Audience:Exclusion:Users:n" =>
            Guid.TryParse(value, out _) ? null : "it may be a user's id; a group may hold users by their names",
        "Audience:Groups:n:Name" or "Audience:Exclusion:Groups:n" =>
            groups.Contains(value) ? null : $"no group of that name stands under {GroupsSection}",
        "Start" or "End" =>
            DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _)
                ? null : "it may be a time such as 2026-12-01T08:00:00Z",
        _ => null,
    };

    [GeneratedRegex(@"(?<=^|:)\d+(?=:|$)", RegexOptions.None, 100)]
    private static partial Regex Number();
}
