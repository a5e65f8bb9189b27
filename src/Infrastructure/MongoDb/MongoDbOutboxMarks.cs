using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Takes published batches out of the outbox, many with one statement, a little later than it was asked to. What an
/// outage keeps back is tried again; what waits at a clean stop is written before it. A crash loses it, and then the
/// batches are published again, which their readers know how to bear.
/// </summary>
internal sealed partial class MongoDbOutboxMarks : IAsyncDisposable
{
    /// <summary>What waits at most; beyond it the new is dropped, as by a crash.</summary>
    private const int WaitingMax = 100_000;

    /// <summary>Compatible servers promise less for larger statements.</summary>
    private const int MarksPerWrite = 100;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly BsonDocument TakeOut = new("$unset", new BsonDocument(BatchFields.OutboxSince, ""));

    private readonly MongoDbDatabase _database;
    private readonly MongoDbOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MongoDbOutboxMarks> _logger;
    private readonly Channel<Mark> _waiting = Channel.CreateBounded<Mark>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;

    public MongoDbOutboxMarks(
        MongoDbDatabase database,
        IOptions<MongoDbOptions> options,
        TimeProvider time,
        ILogger<MongoDbOutboxMarks> logger)
    {
        _database = database;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Takes a batch out of the outbox soon.</summary>
    public void Add(string stream, long firstVersion)
    {
        if (_waiting.Writer.TryWrite(new Mark(stream, BatchFields.IdOf(stream, firstVersion))))
            MongoDbMetrics.PublishedWaiting.Set(_waiting.Reader.Count);
    }

    /// <summary>Writes what still waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        var marks = new List<Mark>(MarksPerWrite);
        while (marks.Count > 0 || await _waiting.Reader.WaitToReadAsync())
        {
            if (marks.Count == 0)
                await PauseAsync(_options.DeferredWriteDelay);
            while (marks.Count < MarksPerWrite && _waiting.Reader.TryRead(out var mark))
                marks.Add(mark);
            try
            {
                await WriteAsync(marks);
                marks.Clear();
                MongoDbMetrics.PublishedWaiting.Set(_waiting.Reader.Count);
            }
            catch (Exception failure)
            {
                if (_stopping.IsCancellationRequested)
                {
                    LogLost(marks.Count + _waiting.Reader.Count, failure);
                    return;
                }

                LogDelayed(marks.Count, failure);
                await PauseAsync(PauseAfterFailure);
            }
        }
    }

    private async Task WriteAsync(List<Mark> marks) => await _database.RunAsync(
        "outbox",
        limit => _database.Collection<BsonDocument>(BatchFields.Collection).UpdateManyAsync(
            new BsonDocument
            {
                { BatchFields.Stream, In(marks.Select(mark => mark.Stream).Distinct(StringComparer.Ordinal)) },
                { "_id", In(marks.Select(mark => mark.Id)) },
            },
            TakeOut,
            cancellationToken: limit),
        CancellationToken.None);

    private static BsonDocument In(IEnumerable<string> values) => new("$in", new BsonArray(values));

    /// <summary>Waits; at a stop no longer.</summary>
    private async Task PauseAsync(TimeSpan pause) => await Task.Delay(pause, _time, _stopping.Token)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private readonly record struct Mark(string Stream, string Id);
}
