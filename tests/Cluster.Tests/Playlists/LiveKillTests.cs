using System.Collections.Concurrent;
using System.Text.Json;
using IndiiMusic.Api.Tests.Playlists.Live;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Cluster.Tests.Playlists;

/// <summary>
/// Twenty clients edit one playlist over the hub, five hundred random operations each, while connections drop and the
/// server is killed: all end with the server's list, and what was acknowledged happened once.
/// </summary>
public sealed class LiveKillTests
{
    private const int Clients = 20;
    private const int OperationsEach = 500;

    [Fact]
    public async Task Twenty_clients_converge_though_connections_drop_and_the_server_is_killed()
    {
        await using var server = await KilledServer.StartAsync();
        var playlist = await server.SendAsync(HttpMethod.Post, "/playlists", new { name = "Twenty" });
        var path = $"/playlists/{playlist["id"]}";
        var editors = Enumerable.Range(0, Clients)
            .Select(number => new Editor(server, path, number))
            .ToList();
        var all = Task.WhenAll(editors.Select(editor => editor.RunAsync(OperationsEach)));

        while (editors.Sum(editor => editor.Answered) < Clients * OperationsEach / 2 && !all.IsCompleted)
        {
            await Task.Delay(20);
        }

        await server.KillAndRestartAsync();
        await all;

        var version = (await server.SendAsync(HttpMethod.Get, path))["version"]!.GetValue<long>();
        foreach (var editor in editors)
        {
            await editor.CatchUpAsync(version);
        }

        var expected = editors[0].Client.Entries;
        Assert.All(editors, editor =>
        {
            Assert.Empty(editor.Client.Violations);
            Assert.Equal(expected, editor.Client.Entries);
        });
        Assert.Equal(expected.Select(entry => (entry.EntryId, entry.TrackId)), await ReadAllAsync(server, path));
        AssertOnce(editors, expected);
        foreach (var editor in editors)
        {
            await editor.Client.DisposeAsync();
        }
    }

    private static void AssertOnce(List<Editor> editors, IReadOnlyList<LiveEntry> list)
    {
        var present = list.ToDictionary(entry => entry.TrackId, entry => entry.EntryId);
        Assert.Equal(list.Count, present.Count);
        var removed = editors.SelectMany(editor => editor.Removed).ToHashSet();
        foreach (var (track, entryId) in editors.SelectMany(editor => editor.Added))
        {
            Assert.Equal(!removed.Contains(entryId), present.ContainsKey(track));
            Assert.Equal(entryId, present.GetValueOrDefault(track, entryId));
        }

        Assert.Subset(editors.SelectMany(editor => editor.Added.Keys).ToHashSet(), present.Keys.ToHashSet());
    }

    private static async Task<List<(int EntryId, Guid TrackId)>> ReadAllAsync(KilledServer server, string path)
    {
        var entries = new List<(int, Guid)>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.SendAsync(HttpMethod.Get, $"{path}/entries?limit=500&cursor={cursor}");
            entries.AddRange(page["items"]!.AsArray().Select(item =>
                (item!["entryId"]!.GetValue<int>(), item["trackId"]!.GetValue<Guid>())));
            cursor = page["nextCursor"]?.ToString();
        }

        return entries;
    }

    /// <summary>One client at work: it sends each operation again until it hears an answer.</summary>
    private sealed class Editor(KilledServer server, string path, int number)
    {
        private readonly Random _random = new(number);

        public LivePlaylistClient Client { get; } = new(
            server.Address,
            Guid.Parse(path.Split('/')[^1]),
            () => Task.FromResult<string?>(server.AccessToken),
            async (version, cursor) => JsonSerializer.SerializeToElement(
                await server.SendAsync(HttpMethod.Get, $"{path}/entries?limit=500&version={version}&cursor={cursor}")));

        public int Answered { get; private set; }

        public ConcurrentDictionary<Guid, int> Added { get; } = new();

        public ConcurrentBag<int> Removed { get; } = [];

        public async Task RunAsync(int operations)
        {
            await ConnectAsync();
            for (var done = 0; done < operations; done++)
            {
                if (_random.Next(100) == 0)
                {
                    await Client.DropAsync();
                    await ConnectAsync();
                }

                await SendAsync($"{number}-{done}", NextOperation());
                Answered++;
            }
        }

        public async Task CatchUpAsync(long version)
        {
            if (Client.Lost.IsCompleted)
            {
                await ConnectAsync();
            }

            await Client.WaitForAsync(version);
        }

        private object NextOperation()
        {
            var entries = Client.Entries;
            var kind = entries.Count < 3 ? 0 : _random.Next(10);
            int Any() => entries[_random.Next(entries.Count)].EntryId;
            return kind switch
            {
                < 4 => new { kind = "append", trackIds = new[] { Guid.CreateVersion7() } },
                < 6 => new { kind = "insert", trackIds = new[] { Guid.CreateVersion7() }, after = Any() },
                < 8 => new { kind = "move", entryIds = new[] { entries[0].EntryId }, after = entries[^1].EntryId },
                _ => new { kind = "remove", entryIds = new[] { Any() } },
            };
        }

        private async Task SendAsync(string operationId, object operation)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    var answer = await Client.SendAsync(operationId, [operation]);
                    Note(JsonSerializer.SerializeToElement(operation), answer.GetProperty("results")[0]);
                    return;
                }
                catch (HubException e) when (LivePlaylistClient.CodeOf(e) == "rate_limited" && attempt < 200)
                {
                    await Task.Delay(200);
                }
                catch (Exception e) when (IsRetryable(e) && attempt < 200)
                {
                    await ConnectAsync();
                }
            }
        }

        private void Note(JsonElement operation, JsonElement result)
        {
            var entryIds = result.GetProperty("entryIds").EnumerateArray().Select(id => id.GetInt32()).ToList();
            if (operation.TryGetProperty("trackIds", out var tracks))
            {
                Added[tracks[0].GetGuid()] = entryIds[0];
            }
            else if (operation.GetProperty("kind").GetString() == "remove")
            {
                entryIds.ForEach(Removed.Add);
            }
        }

        private async Task ConnectAsync()
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await Client.DropAsync();
                    await Client.ConnectAsync();
                    return;
                }
                catch (Exception e) when (IsRetryable(e) && attempt < 600)
                {
                    await Task.Delay(50);
                }
            }
        }

        private static bool IsRetryable(Exception failure) => failure is not HubException refused
            || LivePlaylistClient.CodeOf(refused) is null or "write_conflict" or "storage_unavailable"
                or "dependency_unavailable" or "timeout" or "rate_limited";
    }
}
