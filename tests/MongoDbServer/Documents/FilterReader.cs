using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>Reads filters; an operator that is not known here is refused by its name.</summary>
internal static partial class FilterReader
{
    private static readonly TimeSpan RegexPatience = TimeSpan.FromSeconds(5);

    public static Filter Read(BsonDocument filter)
    {
        var parts = new List<Filter>();
        foreach (var element in filter)
        {
            if (element.Name.StartsWith('$'))
                parts.Add(ReadLogical(element));
            else
                ReadField(new FieldPath(element.Name), element.Value, parts);
        }

        return parts.Count == 1 ? parts[0] : new AllFilter(parts);
    }

    private static Filter ReadLogical(BsonElement element)
    {
        switch (element.Name)
        {
            case "$and":
                return new AllFilter(ReadBranches(element));
            case "$or":
                return new AnyFilter(ReadBranches(element));
            case "$nor":
                return new NotFilter(new AnyFilter(ReadBranches(element)));
            case "$comment":
                return new AllFilter([]);
            default:
                throw CommandException.BadValue($"unknown top level operator: {element.Name}");
        }
    }

    private static List<Filter> ReadBranches(BsonElement element)
    {
        if (element.Value is not BsonArray { Count: > 0 } branches)
            throw CommandException.BadValue($"{element.Name} must be a nonempty array");
        return [.. branches.Select(branch => Read(branch.AsBsonDocument))];
    }

    private static void ReadField(FieldPath path, BsonValue value, List<Filter> into)
    {
        if (value is BsonRegularExpression regex)
        {
            into.Add(new FieldFilter(path, ReadRegex(regex.Pattern, regex.Options)));
        }
        else if (!HoldsOperators(value))
        {
            into.Add(new FieldFilter(path, new EqualCondition(value)));
        }
        else
        {
            var operators = value.AsBsonDocument;
            foreach (var element in operators)
            {
                if (ReadNegation(path, element) is { } negation)
                    into.Add(negation);
                else if (ReadCondition(element, operators) is { } condition)
                    into.Add(new FieldFilter(path, condition));
            }
        }
    }

    private static bool HoldsOperators(BsonValue value) =>
        value is BsonDocument { ElementCount: > 0 } document && document.GetElement(0).Name.StartsWith('$');

    /// <summary>A negation asks that no value that the path leads to meets the condition.</summary>
    private static NotFilter? ReadNegation(FieldPath path, BsonElement element)
    {
        switch (element.Name)
        {
            case "$ne":
                return new NotFilter(new FieldFilter(path, new EqualCondition(element.Value)));
            case "$nin":
                return new NotFilter(new FieldFilter(path, ReadIn(element)));
            case "$exists" when !element.Value.ToBoolean():
                return new NotFilter(new FieldFilter(path, new ExistsCondition()));
            case "$not":
                var inner = new List<Filter>();
                ReadField(path, element.Value, inner);
                return new NotFilter(new AllFilter(inner));
            default:
                return null;
        }
    }

    private static Condition? ReadCondition(BsonElement element, BsonDocument operators)
    {
        switch (element.Name)
        {
            case "$eq":
                return new EqualCondition(element.Value);
            case "$in":
                return ReadIn(element);
            case "$gt":
                return new CompareCondition(Comparison.Greater, element.Value);
            case "$gte":
                return new CompareCondition(Comparison.GreaterOrEqual, element.Value);
            case "$lt":
                return new CompareCondition(Comparison.Less, element.Value);
            case "$lte":
                return new CompareCondition(Comparison.LessOrEqual, element.Value);
            case "$exists":
                return new ExistsCondition();
            case "$size":
                return new SizeCondition(element.Value.ToInt32());
            case "$elemMatch":
                return ReadElementMatch(element.Value.AsBsonDocument);
            case "$regex":
                var options = operators.GetValue("$options", "").AsString;
                return element.Value is BsonRegularExpression regex
                    ? ReadRegex(regex.Pattern, regex.Options + options)
                    : ReadRegex(element.Value.AsString, options);
            case "$options":
                return null;
            default:
                throw CommandException.BadValue($"unknown operator: {element.Name}");
        }
    }

    private static InCondition ReadIn(BsonElement element)
    {
        if (element.Value is not BsonArray values)
            throw CommandException.BadValue($"{element.Name} needs an array");
        if (values.Any(value => value is BsonRegularExpression))
            throw CommandException.BadValue($"{element.Name} with a regular expression is not known to this server");
        return new InCondition([.. values]);
    }

    private static Condition ReadElementMatch(BsonDocument match)
    {
        if (!HoldsOperators(match))
            return new ElementFilterCondition(Read(match));
        if (match.Any(element => element.Name is "$ne" or "$nin" or "$not" or "$or" or "$and"))
            throw CommandException.BadValue($"$elemMatch with {match} is not known to this server");
        return new ElementCondition([.. match.Select(element => ReadCondition(element, match)!)]);
    }

    private static RegexCondition ReadRegex(string pattern, string options)
    {
        var flags = RegexOptions.CultureInvariant;
        foreach (var option in options)
        {
            flags |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => throw CommandException.BadValue($"invalid flag in regex options: {option}"),
            };
        }

        var plain = flags == RegexOptions.CultureInvariant && !pattern.Contains('|', StringComparison.Ordinal);
        var prefix = plain ? PlainPrefix().Match(pattern) : Match.Empty;
        return new RegexCondition(
            new Regex(pattern, flags, RegexPatience), prefix.Success ? prefix.Groups["text"].Value : null);
    }

    /// <summary>
    /// Letters, digits and the like behind a caret, up to the first character that may mean something else.
    /// </summary>
    [GeneratedRegex(@"^\^(?<text>[\p{L}\p{N} _:/@,;=-]+)(?![?*{+])(?=$|[\[(.\\^$])", RegexOptions.None, 1000)]
    private static partial Regex PlainPrefix();
}
