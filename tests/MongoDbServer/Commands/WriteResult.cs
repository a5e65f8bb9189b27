using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>What came of the statements of one write command.</summary>
internal sealed class WriteResult
{
    private readonly BsonArray _errors = [];
    private readonly BsonArray _upserted = [];
    private readonly bool _ordered;

    public WriteResult(Request request, int count)
    {
        if (count is 0 or > WriteLimits.BatchCountMax)
        {
            throw new CommandException(
                16,
                "InvalidLength",
                $"Write batch sizes must be between 1 and {WriteLimits.BatchCountMax}. Got {count} operations.");
        }

        _ordered = request.Body.GetValue("ordered", true).ToBoolean();
    }

    public int Affected { get; set; }

    public int Modified { get; set; }

    public bool CountsModified { get; init; }

    /// <summary>An ordered batch stops at its first error.</summary>
    public bool GoesOn => !_ordered || _errors.Count == 0;

    public void Try(int index, Action statement)
    {
        try
        {
            statement();
        }
        catch (CommandException error)
        {
            _errors.Add(new BsonDocument
            {
                { "index", index },
                { "code", error.Code },
                { "errmsg", error.Message },
            }.AddRange(error.Details));
        }
    }

    public void AddUpserted(int index, BsonValue id) =>
        _upserted.Add(new BsonDocument { { "index", index }, { "_id", id } });

    public Reply ToReply()
    {
        var reply = new BsonDocument("n", Affected);
        if (CountsModified)
            reply.Add("nModified", Modified);
        if (_upserted.Count > 0)
            reply.Add("upserted", _upserted);
        if (_errors.Count > 0)
            reply.Add("writeErrors", _errors);
        return new Reply(reply.Add("ok", 1.0));
    }
}
