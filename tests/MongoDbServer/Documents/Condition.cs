using System.Text.RegularExpressions;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>A condition on one value.</summary>
internal abstract class Condition
{
    /// <summary>Whether it holds for the value itself; null where the path led nowhere.</summary>
    public abstract bool Holds(BsonValue? value);

    /// <summary>An array satisfies a condition as a whole or through any of its elements.</summary>
    public virtual bool HoldsForLeaf(BsonValue? value) =>
        Holds(value) || (value is BsonArray array && array.Any(Holds));
}

internal sealed class EqualCondition(BsonValue wanted) : Condition
{
    private readonly byte[] _encoded = BsonOrder.Encode(wanted);

    public BsonValue Wanted { get; } = wanted;

    public override bool Holds(BsonValue? value) =>
        BsonOrder.AreOfOneType(value, Wanted) && _encoded.AsSpan().SequenceEqual(BsonOrder.Encode(value));
}

internal sealed class InCondition(IReadOnlyList<BsonValue> wanted) : Condition
{
    private readonly HashSet<string> _encoded = [.. wanted.Select(Key)];

    public IReadOnlyList<BsonValue> Wanted { get; } = wanted;

    public override bool Holds(BsonValue? value) => _encoded.Contains(Key(value));

    private static string Key(BsonValue? value) => Convert.ToHexString(BsonOrder.Encode(value));
}

internal enum Comparison
{
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

internal sealed class CompareCondition(Comparison comparison, BsonValue bound) : Condition
{
    private readonly byte[] _encoded = BsonOrder.Encode(bound);

    public Comparison Comparison { get; } = comparison;

    public BsonValue Bound { get; } = bound;

    public bool IsLower => Comparison is Comparison.Greater or Comparison.GreaterOrEqual;

    public override bool Holds(BsonValue? value)
    {
        if (!BsonOrder.AreOfOneType(value, Bound))
            return false;
        var order = BsonOrder.Encode(value).AsSpan().SequenceCompareTo(_encoded);
        return Comparison switch
        {
            Comparison.Greater => order > 0,
            Comparison.GreaterOrEqual => order >= 0,
            Comparison.Less => order < 0,
            _ => order <= 0,
        };
    }
}

internal sealed class ExistsCondition : Condition
{
    public override bool Holds(BsonValue? value) => value is not null;

    public override bool HoldsForLeaf(BsonValue? value) => Holds(value);
}

internal sealed class RegexCondition(Regex regex, string? prefix) : Condition
{
    /// <summary>What every match begins with, where the pattern says so plainly; an index can serve that.</summary>
    public string? Prefix { get; } = prefix;

    public override bool Holds(BsonValue? value) => value is BsonString text && regex.IsMatch(text.Value);
}

/// <summary>Some element of the array is a document that the filter matches.</summary>
internal sealed class ElementFilterCondition(Filter filter) : Condition
{
    public override bool Holds(BsonValue? value) =>
        value is BsonArray array && array.Any(element => element is BsonDocument inner && filter.Matches(inner));

    public override bool HoldsForLeaf(BsonValue? value) => Holds(value);
}

/// <summary>Some element of the array meets all the conditions.</summary>
internal sealed class ElementCondition(IReadOnlyList<Condition> conditions) : Condition
{
    public override bool Holds(BsonValue? value) =>
        value is BsonArray array && array.Any(element => conditions.All(condition => condition.HoldsForLeaf(element)));

    public override bool HoldsForLeaf(BsonValue? value) => Holds(value);
}

internal sealed class SizeCondition(int size) : Condition
{
    public override bool Holds(BsonValue? value) => value is BsonArray array && array.Count == size;

    public override bool HoldsForLeaf(BsonValue? value) => Holds(value);
}
