using System.Diagnostics;

namespace IndiiMusic.Bench.Load;

/// <summary>Clients of a hub who all watch one playlist.</summary>
internal sealed class HubRoom : IAsyncDisposable
{
    private readonly HubClient[] _clients;
    private readonly Guid _playlistId;
    private readonly IReadOnlyList<Guid> _tracks;
    private readonly int[] _own;

    private HubRoom(HubClient[] clients, Guid playlistId, IReadOnlyList<Guid> tracks)
    {
        (_clients, _playlistId, _tracks) = (clients, playlistId, tracks);
        _own = new int[clients.Length];
    }

    public static async Task<HubRoom> OpenAsync(
        Uri hub, string accessToken, Guid playlistId, IReadOnlyList<Guid> tracks, int clients)
    {
        var connected = await Task.WhenAll(
            Enumerable.Range(0, clients).Select(_ => HubClient.ConnectAsync(hub, accessToken)));
        var room = new HubRoom(connected, playlistId, tracks);
        await Task.WhenAll(connected.Select(client => client.JoinAsync(playlistId)));
        return room;
    }

    /// <summary>All clients edit, as fast as each is answered.</summary>
    /// <returns>Edits answered per second.</returns>
    public Task<double> EditAsync(TimeSpan runTime) =>
        ClosedLoop.RunAsync(_clients.Length, runTime, client => EditAsync(client));

    /// <summary>How many bytes a message about one edit has, on average.</summary>
    public async Task<int> MeasureChangeBytesAsync()
    {
        const int edits = 10;
        var total = 0;
        for (var i = 0; i < edits; i++)
        {
            // The next edit waits for this one's message, or both could come in one.
            var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _clients[0].OnChanged = (_, _, bytes) =>
            {
                total += bytes;
                came.TrySetResult();
            };
            await EditAsync(client: 0);
            await came.Task;
        }

        _clients[0].OnChanged = null;
        return total / edits;
    }

    /// <summary>One client edits at a steady rate while all watch.</summary>
    /// <returns>For each edit and each client, the milliseconds from sending it to having it.</returns>
    public async Task<IReadOnlyList<double>> WatchAsync(TimeSpan runTime, int editsPerSecond)
    {
        var received = new List<(long Version, long At)>[_clients.Length];
        for (var i = 0; i < _clients.Length; i++)
        {
            var own = received[i] = [];
            _clients[i].OnChanged = (version, at, _) =>
            {
                lock (own)
                {
                    own.Add((version, at));
                }
            };
        }

        var sent = new Dictionary<long, long>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / editsPerSecond));
        for (var left = (int)(runTime.TotalSeconds * editsPerSecond); left > 0; left--)
        {
            await timer.WaitForNextTickAsync();
            var at = Stopwatch.GetTimestamp();
            sent.Add(await EditAsync(client: 0), at);
        }

        await AllHaveAsync(received, sent.Keys.Max());
        foreach (var client in _clients)
        {
            client.OnChanged = null;
        }

        return [.. received.SelectMany(own => Latencies(sent, own))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task AllHaveAsync(List<(long Version, long At)>[] received, long version)
    {
        foreach (var own in received)
        {
            while (true)
            {
                lock (own)
                {
                    if (own.Count > 0 && own[^1].Version >= version)
                    {
                        break;
                    }
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private static IEnumerable<double> Latencies(
        Dictionary<long, long> sent, List<(long Version, long At)> received)
    {
        // A message may carry several versions: all up to its own came with it.
        var next = 0;
        foreach (var (version, sentAt) in sent.OrderBy(static pair => pair.Key))
        {
            while (received[next].Version < version)
            {
                next++;
            }

            yield return Stopwatch.GetElapsedTime(sentAt, received[next].At).TotalMilliseconds;
        }
    }

    /// <returns>The version that the edit made.</returns>
    private async Task<long> EditAsync(int client)
    {
        var answer = _own[client] == 0
            ? await _clients[client].AppendAsync(_playlistId, _tracks[client % _tracks.Count])
            : await _clients[client].RemoveAsync(_playlistId, _own[client]);
        _own[client] = _own[client] == 0 ? HubClient.EntryOf(answer) : 0;
        return answer.GetProperty("version").GetInt64();
    }
}
