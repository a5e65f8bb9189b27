using System.Collections.Immutable;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.FaultInjection;

/// <summary>
/// The faults of a server: <c>using var fault = server.Faults.On("insert").To("events").Once().DropAfterWrite();</c>
/// </summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private ImmutableList<Fault> _faults = [];

    internal FaultPlan()
    {
    }

    /// <summary>
    /// Begins a fault on commands of these names; on every command but the driver's own where none is named.
    /// </summary>
    public FaultBuilder On(params string[] commands) => new(this, commands);

    /// <summary>Begins a fault on every command that writes.</summary>
    public FaultBuilder OnWrites() => On("insert", "update", "delete", "findAndModify");

    /// <summary>Ends every fault.</summary>
    public void Clear()
    {
        foreach (var fault in _faults)
            fault.Dispose();
    }

    internal void Add(Fault fault)
    {
        lock (_gate)
            _faults = _faults.Add(fault);
    }

    internal void Remove(Fault fault)
    {
        lock (_gate)
            _faults = _faults.Remove(fault);
    }

    /// <summary>The first fault, by age, that strikes the command.</summary>
    internal Fault? Strike(string command, string collection, Func<BsonDocument> document)
    {
        if (_faults.IsEmpty)
            return null;
        lock (_gate)
            return _faults.FirstOrDefault(fault => fault.Strikes(command, collection, document));
    }
}
