using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace IndiiMusic.Grains.Tests.Hosting;

/// <summary>
/// Grain storage in memory with real ETags, which keeps documents as the product's adapters write them, and fails a
/// write on demand: before it took effect, or after.
/// </summary>
public sealed class TestGrainStorage : IGrainStorage
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly ConcurrentDictionary<(string StateName, GrainId GrainId), Document> _documents = new();
    private int _lastETag;

    /// <summary>Is asked about each write; throws to make it fail.</summary>
    public Action<string, GrainId, WriteMoment> OnWrite { get; set; } = (_, _, _) => { };

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var isThere = _documents.TryGetValue((stateName, grainId), out var document);
        grainState.State = isThere
            ? JsonSerializer.Deserialize<T>(document!.Text, Json)!
            : Activator.CreateInstance<T>();
        grainState.ETag = document?.ETag;
        grainState.RecordExists = isThere;
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var next = new Document(
            JsonSerializer.Serialize(grainState.State, Json),
            Interlocked.Increment(ref _lastETag).ToString(CultureInfo.InvariantCulture));
        OnWrite(stateName, grainId, WriteMoment.Before);

        // Other calls get their turn here, as they would with a real disk.
        await Task.Yield();
        var isWritten = grainState.ETag is null
            ? _documents.TryAdd(key, next)
            : _documents.TryGetValue(key, out var present)
                && present.ETag == grainState.ETag
                && _documents.TryUpdate(key, next, present);
        if (!isWritten)
            throw new InconsistentStateException($"{stateName} of {grainId} was written by somebody else.");

        OnWrite(stateName, grainId, WriteMoment.After);
        grainState.ETag = next.ETag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        _documents.TryRemove((stateName, grainId), out _);
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private sealed record Document(string Text, string ETag);
}

/// <summary>Where a write can fail.</summary>
public enum WriteMoment
{
    Before,
    After,
}
