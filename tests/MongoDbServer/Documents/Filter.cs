using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>What a find, an update or a delete asks of a document.</summary>
internal abstract class Filter
{
    public abstract bool Matches(BsonDocument document);

    /// <summary>
    /// The conditions that must all hold, as far as they concern one field each: what an index can serve.
    /// </summary>
    public virtual IEnumerable<FieldFilter> Required => [];
}

internal sealed class AllFilter(IReadOnlyList<Filter> parts) : Filter
{
    public IReadOnlyList<Filter> Parts { get; } = parts;

    public override IEnumerable<FieldFilter> Required => Parts.SelectMany(part => part.Required);

    public override bool Matches(BsonDocument document)
    {
        foreach (var part in Parts)
        {
            if (!part.Matches(document))
                return false;
        }

        return true;
    }
}

internal sealed class AnyFilter(IReadOnlyList<Filter> parts) : Filter
{
    public override bool Matches(BsonDocument document) => parts.Any(part => part.Matches(document));
}

internal sealed class NotFilter(Filter inner) : Filter
{
    public override bool Matches(BsonDocument document) => !inner.Matches(document);
}

/// <summary>One condition on what one path leads to.</summary>
internal sealed class FieldFilter(FieldPath path, Condition condition) : Filter
{
    public FieldPath Path { get; } = path;

    public Condition Condition { get; } = condition;

    public override IEnumerable<FieldFilter> Required => [this];

    public override bool Matches(BsonDocument document) => Path.Any(document, Condition.HoldsForLeaf);
}
