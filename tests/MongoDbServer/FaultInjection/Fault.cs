using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.FaultInjection;

/// <summary>A fault that strikes matching commands until it is disposed, or as many times as was said.</summary>
public sealed class Fault : IDisposable
{
    private readonly FaultPlan _plan;
    private readonly Func<string, string, Func<BsonDocument>, bool> _matches;
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int? _timesMax;
    private int _times;

    internal Fault(
        FaultPlan plan, FaultEffect effect, Func<string, string, Func<BsonDocument>, bool> matches, int? timesMax)
    {
        _plan = plan;
        Effect = effect;
        _matches = matches;
        _timesMax = timesMax;
    }

    /// <summary>How many commands it has struck.</summary>
    public int Times => Volatile.Read(ref _times);

    /// <summary>Ends when the first command is struck.</summary>
    public Task Struck => _struck.Task;

    internal FaultEffect Effect { get; }

    /// <summary>Ends when the fault is disposed: until then a held reply waits.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Commands go undisturbed again, and replies that are held go out.</summary>
    public void Dispose()
    {
        _plan.Remove(this);
        _ended.TrySetResult();
    }

    /// <summary>Called under the plan's lock.</summary>
    internal bool Strikes(string command, string collection, Func<BsonDocument> document)
    {
        if (_times >= _timesMax || !_matches(command, collection, document))
            return false;
        _times++;
        _struck.TrySetResult();
        return true;
    }
}
