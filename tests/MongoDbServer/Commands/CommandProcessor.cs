using IndiiMusic.MongoDbServer.Storage;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>Carries out commands. What is not in the list below is refused by its name.</summary>
internal sealed class CommandProcessor
{
    private readonly Databases _databases = new();
    private readonly RetryLedger _retries = new();
    private readonly ReadCommands _reads;
    private readonly WriteCommands _writes;
    private readonly IndexCommands _indexes;
    private readonly ServerCommands _server;

    public CommandProcessor(Func<int> port)
    {
        _reads = new ReadCommands(_databases);
        _writes = new WriteCommands(_databases);
        _indexes = new IndexCommands(_databases);
        _server = new ServerCommands(_databases, port);
    }

    /// <summary>How many writes were answered from the record of the first time, instead of being done again.</summary>
    public long RetriesAnswered => _retries.Answered;

    public long DocumentsExamined => _databases.DocumentsExamined;

    public Reply Execute(Request request)
    {
        try
        {
            RefuseTransactions(request);
            return request.Name is "insert" or "update" or "delete" or "findAndModify" or "findandmodify"
                ? _retries.Once(request, () => Write(request))
                : Dispatch(request);
        }
        catch (CommandException error)
        {
            return new Reply(error.ToReply());
        }
        catch (Exception error) when (error is InvalidCastException or KeyNotFoundException or FormatException
            or NotSupportedException or ArgumentException or OverflowException)
        {
            return new Reply(CommandException.BadValue($"{request.Name}: {error.Message}").ToReply());
        }
    }

    private static void RefuseTransactions(Request request)
    {
        if (request.Body.Contains("startTransaction") || request.Body.Contains("autocommit"))
            throw CommandException.BadValue("Transactions are not known to this server.");
    }

    private Reply Write(Request request) => request.Name switch
    {
        "insert" => _writes.Insert(request),
        "update" => _writes.Update(request),
        "delete" => _writes.Delete(request),
        _ => _writes.FindAndModify(request),
    };

    private Reply Dispatch(Request request)
    {
        switch (request.Name)
        {
            case "hello" or "isMaster" or "ismaster":
                return _server.Hello(request);
            case "ping":
                return Reply.Ok;
            case "buildInfo" or "buildinfo":
                return ServerCommands.BuildInfo();
            case "endSessions":
                _retries.Forget(request.Body[0].AsBsonArray);
                return Reply.Ok;
            case "find":
                return _reads.Find(request);
            case "getMore":
                return _reads.GetMore(request);
            case "killCursors":
                return _reads.KillCursors(request);
            case "count":
                return _reads.Count(request);
            case "aggregate":
                return _reads.Aggregate(request);
            case "createIndexes":
                return _indexes.Create(request);
            case "listIndexes":
                return _indexes.List(request);
            case "listCollections":
                return _server.ListCollections(request);
            case "drop":
                return _server.Drop(request);
            case "dropDatabase":
                return _server.DropDatabase(request);
            default:
                throw CommandException.CommandNotFound(request.Name);
        }
    }
}
