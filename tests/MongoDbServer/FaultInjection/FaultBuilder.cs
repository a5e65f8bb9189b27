using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.FaultInjection;

/// <summary>Says which commands a fault strikes; the last call says how, and makes it take effect.</summary>
public sealed class FaultBuilder
{
    private static readonly string[] DriversOwn = ["hello", "isMaster", "ismaster", "endSessions", "ping", "buildInfo"];

    private readonly FaultPlan _plan;
    private readonly string[] _commands;
    private string? _collection;
    private Func<BsonDocument, bool>? _predicate;
    private int? _times;

    internal FaultBuilder(FaultPlan plan, string[] commands)
    {
        _plan = plan;
        _commands = commands;
    }

    /// <summary>Only commands on the collection of this name, in whichever database.</summary>
    public FaultBuilder To(string collection)
    {
        _collection = collection;
        return this;
    }

    /// <summary>Only commands that this holds for; it gets the whole command as it would stand in the shell.</summary>
    public FaultBuilder Where(Func<BsonDocument, bool> predicate)
    {
        _predicate = predicate;
        return this;
    }

    /// <summary>Only so many commands; without this, all until the fault is disposed.</summary>
    public FaultBuilder Times(int times)
    {
        _times = times;
        return this;
    }

    /// <summary>Only the next one. The driver tries a write once more by itself, and that succeeds.</summary>
    public FaultBuilder Once() => Times(1);

    /// <summary>Only the next one and the driver's own retry of it, so that the caller sees the fault.</summary>
    public FaultBuilder WithRetry() => Times(2);

    /// <summary>The connection is closed before the command takes effect.</summary>
    public Fault DropBeforeWrite() => Start(new FaultEffect { DropsBefore = true });

    /// <summary>The command takes effect, then the connection is closed without an answer.</summary>
    public Fault DropAfterWrite() => Start(new FaultEffect { DropsAfter = true });

    /// <summary>The command takes effect; its answer comes late.</summary>
    public Fault DelayReply(TimeSpan delay) => Start(new FaultEffect { Delay = delay });

    /// <summary>The command takes effect; its answer comes when the fault is disposed.</summary>
    public Fault HoldReply() => Start(new FaultEffect { Holds = true });

    /// <summary>Nothing takes effect: the server says that it is no longer the primary.</summary>
    public Fault NotPrimary() => AnswerError(10107, "NotWritablePrimary", "not primary");

    /// <summary>Nothing takes effect; the answer is an error of the whole command.</summary>
    public Fault AnswerError(int code, string codeName, string message) => Start(new FaultEffect
    {
        Instead = command => WithLabels(command, code, new BsonDocument
        {
            { "ok", 0.0 },
            { "errmsg", message },
            { "code", code },
            { "codeName", codeName },
        }),
    });

    /// <summary>The command takes effect here, but no majority has it in time: 64, without a retry label.</summary>
    public Fault WriteConcernTimeout() =>
        WriteConcernError(64, "WriteConcernFailed", "waiting for replication timed out");

    /// <summary>
    /// The command takes effect here, but the server goes down before a majority has it: 91, to be retried.
    /// </summary>
    public Fault WriteConcernShutdown() =>
        WriteConcernError(91, "ShutdownInProgress", "Replication is being shut down");

    /// <summary>The command takes effect, and a write-concern error stands beside its answer.</summary>
    public Fault WriteConcernError(int code, string codeName, string message) => Start(new FaultEffect
    {
        WriteConcernError = new BsonDocument { { "code", code }, { "codeName", codeName }, { "errmsg", message } },
    });

    /// <summary>Nothing takes effect: the key is said to exist already.</summary>
    public Fault DuplicateKey() => Start(new FaultEffect
    {
        Instead = command =>
        {
            var details = CommandException.DuplicateKey(
                "injected", "_id_", new BsonDocument("_id", 1), new BsonDocument("_id", "injected"));
            return command.GetElement(0).Name is "insert" or "update"
                ? new BsonDocument
                {
                    { "n", 0 },
                    { "nModified", 0 },
                    { "writeErrors", new BsonArray { details.ToReply().Add("index", 0) } },
                    { "ok", 1.0 },
                }
                : details.ToReply();
        },
    });

    /// <summary>A real server marks what may be tried again, where the command came as a retryable write.</summary>
    internal static BsonDocument WithLabels(BsonDocument command, int code, BsonDocument reply)
    {
        var retryable = code is 6 or 7 or 89 or 91 or 189 or 262 or 9001 or 10107 or 11600 or 11602 or 13435 or 13436;
        if (retryable && command.Contains("txnNumber"))
            reply["errorLabels"] = new BsonArray { "RetryableWriteError" };
        return reply;
    }

    private Fault Start(FaultEffect effect)
    {
        var (commands, collection, predicate) = (_commands, _collection, _predicate);
        var fault = new Fault(
            _plan,
            effect,
            (command, its, document) =>
                (commands.Length == 0 ? !DriversOwn.Contains(command) : commands.Contains(command))
                && (collection is null || collection == its)
                && predicate?.Invoke(document()) != false,
            _times);
        _plan.Add(fault);
        return fault;
    }
}
