using System.Collections.Concurrent;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>
/// Drivers send a write a second time, under the same session and number, when they have not heard how the first went.
/// It is answered as the first time and not done again. A session's number only grows, so the last one is all that a
/// session needs.
/// </summary>
internal sealed class RetryLedger
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private long _answered;

    public long Answered => Interlocked.Read(ref _answered);

    public Reply Once(Request request, Func<Reply> execute)
    {
        if (!request.Body.TryGetValue("txnNumber", out var value))
            return execute();
        var number = value.ToInt64();
        var session = _sessions.GetOrAdd(Key(request.Body["lsid"].AsBsonDocument), _ => new Session());

        // Held while the write is done: a retry that overtakes its first try waits for the outcome.
        lock (session.Gate)
        {
            if (number == session.Number && session.Reply is not null)
            {
                Interlocked.Increment(ref _answered);
                return session.Reply;
            }

            if (number < session.Number)
            {
                throw new CommandException(
                    225,
                    "TransactionTooOld",
                    $"Retryable write with txnNumber {number} is older than {session.Number}");
            }

            session.Number = number;
            session.Reply = null;
            return session.Reply = execute();
        }
    }

    public void Forget(BsonArray sessions)
    {
        foreach (var session in sessions)
            _sessions.TryRemove(Key(session.AsBsonDocument), out _);
    }

    private static string Key(BsonDocument session) => Convert.ToHexString(session["id"].AsBsonBinaryData.Bytes);

    private sealed class Session
    {
        public Lock Gate { get; } = new();

        public long Number { get; set; } = -1;

        public Reply? Reply { get; set; }
    }
}
