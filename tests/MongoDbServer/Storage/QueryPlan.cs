using System.Buffers;
using IndiiMusic.MongoDbServer.Documents;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Storage;

/// <summary>Keys between two bounds, both included.</summary>
internal readonly record struct KeyRange(byte[] Low, byte[] High);

/// <summary>
/// Which index a find walks, where, and in which direction. An index serves the fields that the filter asks to be
/// equal, as far as they lead it, then one range, and a sort by the fields that follow. The ranges may hold more than
/// the filter matches, never less: the filter is asked of each document all the same.
/// </summary>
internal sealed class QueryPlan
{
    private const int RangesMax = 20_000;

    public CollectionIndex? Index { get; private init; }

    public IReadOnlyList<KeyRange> Ranges { get; private init; } = [];

    public bool Backwards { get; private init; }

    public bool ServesSort { get; private init; }

    private int Merit { get; init; }

    public static QueryPlan Choose(IReadOnlyList<CollectionIndex> indexes, Filter filter, SortOrder? sort, string? hint)
    {
        var conditions = filter.Required.ToLookup(field => field.Path.Text, field => field.Condition);
        var best = new QueryPlan();
        foreach (var index in indexes)
        {
            var plan = For(index, conditions, sort);
            if (hint == index.Name)
                return plan;
            if (plan.Merit > best.Merit)
                best = plan;
        }

        return hint is null
            ? best
            : throw CommandException.BadValue("hint provided does not correspond to an existing index");
    }

    private static QueryPlan For(CollectionIndex index, ILookup<string, Condition> conditions, SortOrder? sort)
    {
        var prefixes = new List<byte[]> { Array.Empty<byte>() };
        var equal = 0;
        while (equal < index.Fields.Length && Points(conditions[index.Fields[equal].Path.Text]) is { } points
            && (long)prefixes.Count * points.Count <= RangesMax)
        {
            var field = index.Fields[equal++];
            prefixes = [.. from prefix in prefixes from point in points select Join(prefix, field, point)];
        }

        var range = equal < index.Fields.Length ? RangeOf(index, conditions, equal) : null;
        if (index.IsSparse && !LeavesOutMissing(conditions[index.Fields[0].Path.Text]))
            return new QueryPlan();
        var backwards = sort is null ? null : DirectionFor(index, sort, equal);
        var serves = backwards is not null && prefixes.Count == 1 && !index.IsMultikey;
        return new QueryPlan
        {
            Index = index,
            Ranges = prefixes.ConvertAll(prefix => Bounds(prefix, range)),
            Backwards = serves && backwards == true,
            ServesSort = serves,
            Merit = equal * 4 + (range is null ? 0 : 2) + (serves ? 1 : 0),
        };
    }

    /// <summary>Whether the filter asks for what a sparse index has, and for nothing that it lacks.</summary>
    private static bool LeavesOutMissing(IEnumerable<Condition> conditions) =>
        conditions.Any(condition => !condition.Holds(null));

    /// <summary>The values that the field must be equal to one of; null where the filter does not say.</summary>
    private static List<byte[]>? Points(IEnumerable<Condition> conditions)
    {
        foreach (var condition in conditions)
        {
            // The index holds the elements of an array, so an array as a whole cannot be looked up in it.
            if (condition is EqualCondition { Wanted: not BsonArray } equal)
                return [BsonOrder.Encode(equal.Wanted)];
            if (condition is InCondition several && !several.Wanted.Any(value => value is BsonArray))
                return [.. several.Wanted.Select(BsonOrder.Encode).DistinctBy(Convert.ToHexString)];
        }

        return null;
    }

    private static KeyRange? RangeOf(CollectionIndex index, ILookup<string, Condition> conditions, int position)
    {
        var field = index.Fields[position];
        KeyRange? range = null;
        foreach (var condition in conditions[field.Path.Text])
        {
            if (RangeOf(condition) is not { } found)
                continue;
            // Of several elements one may satisfy the one bound and another the other.
            if (range is { } before && !index.IsMultikey)
                found = new KeyRange(Greater(before.Low, found.Low), Lesser(before.High, found.High));
            else if (range is not null)
                continue;
            range = found;
        }

        if (range is not { } bounds)
            return null;
        return field.Descending
            ? new KeyRange(Turned(field, bounds.High), Turned(field, bounds.Low))
            : bounds;
    }

    private static KeyRange? RangeOf(Condition condition) => condition switch
    {
        CompareCondition { Bound: BsonArray } => null,
        CompareCondition { IsLower: true } lower =>
            new KeyRange(BsonOrder.Encode(lower.Bound), BsonOrder.BehindType(lower.Bound)),
        CompareCondition upper => new KeyRange(BsonOrder.BeforeType(upper.Bound), BsonOrder.Encode(upper.Bound)),
        RegexCondition { Prefix: { } prefix } => new KeyRange(
            BsonOrder.StringPrefix(prefix), [.. BsonOrder.StringPrefix(prefix), .. BsonOrder.Beyond]),
        _ => null,
    };

    private static KeyRange Bounds(byte[] prefix, KeyRange? range) =>
        new([.. prefix, .. range?.Low ?? []], [.. prefix, .. range?.High ?? [], .. BsonOrder.Beyond]);

    /// <summary>Whether the sort runs against the index, or with it; null where it does neither.</summary>
    private static bool? DirectionFor(CollectionIndex index, SortOrder sort, int equal)
    {
        bool? against = null;
        var position = equal;
        foreach (var field in sort.Fields)
        {
            if (index.Fields.Take(equal).Any(fixedField => fixedField.Path.Text == field.Path.Text))
                continue;
            if (position == index.Fields.Length || index.Fields[position].Path.Text != field.Path.Text)
                return null;
            var turned = index.Fields[position++].Descending != field.Descending;
            if (against is { } before && before != turned)
                return null;
            against = turned;
        }

        return against ?? false;
    }

    private static byte[] Join(byte[] prefix, OrderedField field, byte[] value)
    {
        var joined = new ArrayBufferWriter<byte>(prefix.Length + value.Length);
        joined.Write(prefix);
        field.Append(joined, value);
        return joined.WrittenSpan.ToArray();
    }

    private static byte[] Turned(OrderedField field, byte[] value) => Join([], field, value);

    private static byte[] Greater(byte[] left, byte[] right) =>
        left.AsSpan().SequenceCompareTo(right) >= 0 ? left : right;

    private static byte[] Lesser(byte[] left, byte[] right) =>
        left.AsSpan().SequenceCompareTo(right) <= 0 ? left : right;
}
