using System.Net.WebSockets;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>
/// Edits at random what its client shows, loses its connection now and then, and sends what was not answered again
/// under the same id, as an app should.
/// </summary>
public sealed class RandomEditor(LivePlaylistClient client, Random random, string name)
{
    private const double DropShare = 0.03;

    /// <summary>Sends operations until each is answered. Gives the entries that it was told it added.</summary>
    public async Task<IReadOnlyList<int>> RunAsync(int operations)
    {
        var added = new List<int>();
        await client.ConnectAsync();
        for (var i = 0; i < operations; i++)
        {
            object[] ops = [NextOperation(out var isAdding)];
            while (true)
            {
                try
                {
                    var sending = client.SendAsync($"{name}-{i}", ops);
                    if (random.NextDouble() < DropShare)
                        await client.DropAsync();
                    var result = await sending;
                    if (isAdding)
                    {
                        added.AddRange(result.GetProperty("results")[0].GetProperty("entryIds").EnumerateArray()
                            .Select(entryId => entryId.GetInt32()));
                    }

                    break;
                }
                catch (Exception failure) when (IsLostConnection(failure))
                {
                    await ComeBackAsync();
                }
            }

            // A drop whose answer still came leaves the client without a connection.
            if (client.Lost.IsCompleted)
                await ComeBackAsync();
        }

        return added;
    }

    private async Task ComeBackAsync()
    {
        await client.DropAsync();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.ConnectAsync();
                return;
            }
            catch (Exception failure) when (attempt < 100 && IsLostConnection(failure))
            {
                await client.DropAsync();
                await Task.Delay(100);
            }
        }
    }

    private static bool IsLostConnection(Exception failure) =>
        failure is OperationCanceledException or WebSocketException or IOException or InvalidOperationException
            or HttpRequestException or ObjectDisposedException or TimeoutException
        || (failure is HubException lost && LivePlaylistClient.CodeOf(lost) is null or "write_conflict");

    private object NextOperation(out bool isAdding)
    {
        var entries = client.Entries;
        var kind = entries.Count < 5 ? 0 : random.Next(10);
        isAdding = kind < 4;
        return kind switch
        {
            < 2 => new { kind = "append", trackIds = Tracks() },
            < 4 => new { kind = "insert", trackIds = Tracks(), after = (object)Any() },
            < 7 => Move(),
            _ => new { kind = "remove", entryIds = new[] { Any() } },
        };

        int Any() => entries[random.Next(entries.Count)].EntryId;

        Guid[] Tracks() => [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Guid.CreateVersion7())];

        object Move()
        {
            var moved = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any()).Distinct().ToArray();
            var after = Any();
            return moved.Contains(after)
                ? new { kind = "move", entryIds = moved, after = (object)"start" }
                : new { kind = "move", entryIds = moved, after = (object)after };
        }
    }
}
