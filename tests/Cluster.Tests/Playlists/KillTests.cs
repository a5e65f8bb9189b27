using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace IndiiMusic.Cluster.Tests.Playlists;

/// <summary>kill -9 at random moments under load: what was acknowledged is there, once.</summary>
public sealed class KillTests
{
    private const int Writers = 8;
    private const int Kills = 4;

    [Fact]
    public async Task Every_acknowledged_edit_survives_kill_9_exactly_once()
    {
        await using var server = await KilledServer.StartAsync();
        var playlist = await server.SendAsync(HttpMethod.Post, "/playlists", new { name = "Killed" });
        var path = $"/playlists/{playlist["id"]}";
        var added = new ConcurrentDictionary<Guid, int>();
        var removed = new ConcurrentDictionary<Guid, bool>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers)
            .Select(writer => WriteAsync(server, path, added, removed, new Random(writer), stop.Token))
            .ToList();

        var random = new Random(5);
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = added.Count;
            await Task.Delay(random.Next(200, 1_200));
            await WaitUntilAsync(() => added.Count > before + 20);
            await server.KillAndRestartAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var entries = await ReadAllAsync(server, path);
        var present = entries.ToDictionary(entry => entry.Track, entry => entry.EntryId);
        Assert.Equal(entries.Count, present.Count);
        Assert.All(added, acknowledged =>
        {
            var isThere = present.TryGetValue(acknowledged.Key, out var entryId);
            Assert.Equal(!removed.ContainsKey(acknowledged.Key), isThere);
            Assert.True(!isThere || entryId == acknowledged.Value, "An entry came back under another id.");
        });
        Assert.Empty(present.Keys.Except(added.Keys));
        Assert.True(added.Count > Kills * 20);
        Assert.NotEmpty(removed);
    }

    private static async Task WriteAsync(
        KilledServer server,
        string path,
        ConcurrentDictionary<Guid, int> added,
        ConcurrentDictionary<Guid, bool> removed,
        Random random,
        CancellationToken stop)
    {
        var own = new List<(Guid Track, int EntryId)>();
        while (!stop.IsCancellationRequested)
        {
            if (own.Count > 0 && random.Next(4) == 0)
            {
                var victim = own[random.Next(own.Count)];
                own.Remove(victim);
                await ExecuteAsync(server, path, new { kind = "remove", entryIds = new[] { victim.EntryId } });
                removed[victim.Track] = true;
                continue;
            }

            var track = Guid.CreateVersion7();
            var answer = await ExecuteAsync(server, path, new { kind = "append", trackIds = new[] { track } });
            var entryId = answer["results"]![0]!["entryIds"]![0]!.GetValue<int>();
            added[track] = entryId;
            own.Add((track, entryId));
        }
    }

    // The same operation again and again, as an app does that heard no answer; sometimes even after it was answered.
    private static async Task<JsonNode> ExecuteAsync(KilledServer server, string path, object operation)
    {
        var command = new { operationId = Guid.CreateVersion7(), ops = new[] { operation } };
        var first = await server.SendUntilAnsweredAsync(HttpMethod.Post, $"{path}/operations", command);
        if (Random.Shared.Next(5) == 0)
        {
            var second = await server.SendUntilAnsweredAsync(HttpMethod.Post, $"{path}/operations", command);
            Assert.True(JsonNode.DeepEquals(first, second), $"The repetition got {second} instead of {first}.");
        }

        return first;
    }

    private static async Task<List<(Guid Track, int EntryId)>> ReadAllAsync(KilledServer server, string path)
    {
        var entries = new List<(Guid, int)>();
        for (string? cursor = ""; cursor is not null;)
        {
            var query = cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = await server.SendAsync(HttpMethod.Get, $"{path}/entries?limit=500{query}");
            entries.AddRange(page["items"]!.AsArray().Select(item =>
                (item!["trackId"]!.GetValue<Guid>(), item["entryId"]!.GetValue<int>())));
            cursor = page["nextCursor"]?.ToString();
        }

        return entries;
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var waited = 0; waited < 600 && !condition(); waited++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition(), "The load came to a stop.");
    }
}
