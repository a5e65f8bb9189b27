using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer;

/// <summary>An error as the wire carries it: a number, its name, a text, and what else stands beside them.</summary>
internal sealed class CommandException(int code, string codeName, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string CodeName { get; } = codeName;

    /// <summary>keyPattern and keyValue of a duplicate key; nothing for other errors.</summary>
    public BsonDocument Details { get; init; } = [];

    public static CommandException BadValue(string message) => new(2, "BadValue", message);

    public static CommandException FailedToParse(string message) => new(9, "FailedToParse", message);

    public static CommandException TypeMismatch(string message) => new(14, "TypeMismatch", message);

    public static CommandException CommandNotFound(string name) =>
        new(59, "CommandNotFound", $"no such command: '{name}' (this server knows only what the product sends)");

    public static CommandException UnknownField(string command, string field) =>
        new(40415, "IDLUnknownField", $"BSON field '{command}.{field}' is an unknown field to this server.");

    public static CommandException ImmutableId() => new(
        66, "ImmutableField", "Performing an update on the path '_id' would modify the immutable field '_id'");

    public static CommandException DocumentTooLarge(int size) => new(
        10334, "BSONObjectTooLarge", $"BSONObj size: {size} is invalid. Size must be between 0 and 16793600(16MB)");

    public static CommandException DuplicateKey(string ns, string index, BsonDocument pattern, BsonDocument value) =>
        new(11000, "DuplicateKey", $"E11000 duplicate key error collection: {ns} index: {index} dup key: {value}")
        {
            Details = new BsonDocument { { "keyPattern", pattern }, { "keyValue", value } },
        };

    public BsonDocument ToReply() => new BsonDocument
    {
        { "ok", 0.0 },
        { "errmsg", Message },
        { "code", Code },
        { "codeName", CodeName },
    }.AddRange(Details);
}
