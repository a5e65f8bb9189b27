using System.Text.Json;
using IndiiMusic.Api.Tests.Playlists.Live;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Cluster.Tests.Load;

/// <summary>
/// One client at work on the hub: it sends each operation again until it hears an answer, loses its connection now and
/// then, and goes to the next gateway when one does not take it.
/// </summary>
public sealed class HubEditor(ApiClient api, string playlist, Acknowledged acknowledged, int number) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Random _random = new(number);

    public LivePlaylistClient Client { get; } = new(
        api.Address,
        Guid.Parse(playlist.Split('/')[^1]),
        () => Task.FromResult<string?>(api.AccessToken),
        async (version, cursor) => JsonSerializer.SerializeToElement(await api.SendUntilAnsweredAsync(
            HttpMethod.Get, $"{playlist}/entries?limit=500&version={version}&cursor={Uri.EscapeDataString(cursor)}")))
    {
        Trusts = api.Trusts,
    };

    /// <summary>Operations that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Sends operations until told to stop, or so many.</summary>
    public async Task RunAsync(CancellationToken stop, int operations = int.MaxValue, TimeSpan pause = default)
    {
        await ConnectAsync();
        for (var done = 0; done < operations && !stop.IsCancellationRequested; done++)
        {
            if (_random.Next(100) == 0)
            {
                await Client.DropAsync();
                await ConnectAsync();
            }

            await SendAsync($"{number}-{done}", NextOperation());
            Answered++;
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>Waits until this client has a version.</summary>
    public async Task CatchUpAsync(long version)
    {
        if (Client.Lost.IsCompleted)
            await ConnectAsync();
        await Client.WaitForAsync(version);
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

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
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await Client.SendAsync(operationId, [operation]);
                Note(JsonSerializer.SerializeToElement(operation), answer.GetProperty("results")[0]);
                return;
            }
            catch (Exception lost) when (IsRetryable(lost) && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                if (lost is HubException)
                    await Task.Delay(100);
                else
                    await ConnectAsync();
            }
        }
    }

    private void Note(JsonElement operation, JsonElement result)
    {
        var entryIds = result.GetProperty("entryIds").EnumerateArray().Select(id => id.GetInt32()).ToList();
        if (operation.TryGetProperty("trackIds", out var tracks))
            acknowledged.NoteAdded(tracks[0].GetGuid(), entryIds[0]);
        else if (operation.GetProperty("kind").GetString() == "remove")
            entryIds.ForEach(acknowledged.NoteRemoved);
    }

    private async Task ConnectAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await Client.DropAsync();
                Client.Address = api.Address;
                await Client.ConnectAsync();
                return;
            }
            catch (Exception lost) when (IsRetryable(lost) && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                api.TryNext();
                await Task.Delay(50);
            }
        }
    }

    private static bool IsRetryable(Exception failure) => failure is not HubException refused
        || LivePlaylistClient.CodeOf(refused) is null or "write_conflict" or "storage_unavailable"
            or "dependency_unavailable" or "timeout" or "rate_limited";
}
