using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>The operators of updates that the product sends.</summary>
internal static class UpdateOperators
{
    public static void Require(string name)
    {
        if (name is not ("$set" or "$unset" or "$inc" or "$max" or "$min" or "$setOnInsert" or "$push" or "$pull"
            or "$addToSet"))
        {
            throw CommandException.FailedToParse($"Unknown modifier: {name} (this server knows only what is sent)");
        }
    }

    public static void Apply(string name, BsonDocument fields, BsonDocument document, bool isInsert)
    {
        if (name == "$setOnInsert" && !isInsert)
            return;
        foreach (var field in fields)
        {
            var path = new FieldPath(field.Name);
            if (name == "$unset")
                DocumentPath.Unset(document, path);
            else if (name is "$push" or "$addToSet" or "$pull")
                ChangeArray(name, document, path, field.Value);
            else if (NewValue(name, DocumentPath.Get(document, path), field) is { } value)
                DocumentPath.Set(document, path, value);
        }
    }

    /// <summary>What the field holds afterwards; null where it stays as it is.</summary>
    private static BsonValue? NewValue(string name, BsonValue? before, BsonElement field)
    {
        switch (name)
        {
            case "$inc":
                return Sum(before, field);
            case "$max":
                return before is null || BsonOrder.Compare(field.Value, before) > 0 ? field.Value.DeepClone() : null;
            case "$min":
                return before is null || BsonOrder.Compare(field.Value, before) < 0 ? field.Value.DeepClone() : null;
            default:
                return field.Value.DeepClone();
        }
    }

    private static BsonValue Sum(BsonValue? before, BsonElement field)
    {
        if (!field.Value.IsNumeric)
            throw CommandException.TypeMismatch($"Cannot increment with non-numeric argument: {field}");
        if (before is null)
            return field.Value;
        if (!before.IsNumeric)
        {
            throw CommandException.TypeMismatch(
                $"Cannot apply $inc to a value of non-numeric type in the field '{field.Name}'");
        }

        return Add(before, field.Value);
    }

    /// <summary>
    /// An int32 that would overflow becomes an int64; a double on either side makes the sum a double.
    /// </summary>
    public static BsonValue Add(BsonValue left, BsonValue right)
    {
        if (left.IsDouble || right.IsDouble)
            return left.ToDouble() + right.ToDouble();
        var sum = checked(left.ToInt64() + right.ToInt64());
        var isShort = left.IsInt32 && right.IsInt32 && sum is >= int.MinValue and <= int.MaxValue;
        return isShort ? new BsonInt32((int)sum) : new BsonInt64(sum);
    }

    private static void ChangeArray(string name, BsonDocument document, FieldPath path, BsonValue argument)
    {
        var before = DocumentPath.Get(document, path);
        if (before is null && name == "$pull")
            return;
        if (before is not (null or BsonArray))
        {
            throw new CommandException(
                2, "BadValue", $"The field '{path.Text}' must be an array but is of type {before.BsonType}");
        }

        var array = (BsonArray?)before ?? [];
        if (name == "$pull")
            Pull(array, argument);
        else
            Add(array, argument, unique: name == "$addToSet");
        DocumentPath.Set(document, path, array);
    }

    private static void Add(BsonArray array, BsonValue argument, bool unique)
    {
        var modifiers = argument as BsonDocument;
        var several = modifiers?.GetValue("$each", null!) as BsonArray;
        foreach (var value in several ?? [argument])
        {
            if (!unique || !array.Any(element => BsonOrder.AreEqual(element, value)))
                array.Add(value.DeepClone());
        }

        foreach (var modifier in several is null ? [] : modifiers!.Names.Where(name => name != "$each"))
        {
            if (modifier != "$slice")
                throw CommandException.BadValue($"Unrecognized clause in $push: {modifier}");
            Slice(array, modifiers![modifier].ToInt32());
        }
    }

    private static void Slice(BsonArray array, int count)
    {
        while (array.Count > Math.Abs(count))
            array.RemoveAt(count < 0 ? 0 : array.Count - 1);
    }

    private static void Pull(BsonArray array, BsonValue argument)
    {
        // A condition on the elements themselves is asked of a document that holds just the element.
        var isFilter = argument is BsonDocument document
            && (document.ElementCount == 0 || !document.GetElement(0).Name.StartsWith('$'));
        var filter = FilterReader.Read(isFilter ? (BsonDocument)argument : new BsonDocument("element", argument));
        for (var i = array.Count - 1; i >= 0; i--)
        {
            var asked = isFilter ? array[i] as BsonDocument : new BsonDocument("element", array[i]);
            if (asked is not null && filter.Matches(asked))
                array.RemoveAt(i);
        }
    }
}
