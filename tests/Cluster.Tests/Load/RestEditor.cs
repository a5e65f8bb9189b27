using System.Text.Json.Nodes;

namespace IndiiMusic.Cluster.Tests.Load;

/// <summary>
/// Adds and removes over REST, each operation again and again until it is answered, as an app does that heard nothing;
/// sometimes even after it was answered.
/// </summary>
public sealed class RestEditor(ApiClient api, string playlist, Acknowledged acknowledged, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<(Guid Track, int EntryId)> _own = [];

    /// <summary>Operations that were answered.</summary>
    public int Answered { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await EditAsync();
            Answered++;
        }
    }

    private async Task EditAsync()
    {
        if (_own.Count > 0 && _random.Next(4) == 0)
        {
            var victim = _own[_random.Next(_own.Count)];
            _own.Remove(victim);
            await ExecuteAsync(new { kind = "remove", entryIds = new[] { victim.EntryId } });
            acknowledged.NoteRemoved(victim.EntryId);
            return;
        }

        var track = Guid.CreateVersion7();
        var answer = await ExecuteAsync(new { kind = "append", trackIds = new[] { track } });
        var entryId = answer["results"]![0]!["entryIds"]![0]!.GetValue<int>();
        acknowledged.NoteAdded(track, entryId);
        _own.Add((track, entryId));
    }

    private async Task<JsonNode> ExecuteAsync(object operation)
    {
        var command = new { operationId = Guid.CreateVersion7(), ops = new[] { operation } };
        var first = await api.SendUntilAnsweredAsync(HttpMethod.Post, $"{playlist}/operations", command);
        if (_random.Next(5) == 0)
        {
            var second = await api.SendUntilAnsweredAsync(HttpMethod.Post, $"{playlist}/operations", command);
            Assert.True(JsonNode.DeepEquals(first, second), $"The repetition got {second} instead of {first}.");
        }

        return first;
    }
}
