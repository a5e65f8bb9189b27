using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace IndiiMusic.Bench.Load;

/// <summary>
/// A client of a hub by the JSON protocol of SignalR. It looks at no more of a message than who it is for and its
/// version, so that two hundred of them leave the processor to the server.
/// </summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const byte RecordEnd = 0x1e;
    private const int BufferBytes = 256 * 1024;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _receiving = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;
    private long _lastCall;

    /// <summary>Called with the version that a Changed message leads to, when it came and its size in bytes.</summary>
    public Action<long, long, int>? OnChanged { get; set; }

    public static async Task<HubClient> ConnectAsync(Uri hub, string accessToken)
    {
        var client = new HubClient();
        client._socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken}");
        await client._socket.ConnectAsync(new UriBuilder(hub) { Scheme = "ws" }.Uri, CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        client._receiving = client.ReceiveAsync();
        client._pinging = client.PingAsync();
        return client;
    }

    /// <summary>Watches a playlist; when this returns, what comes next is live.</summary>
    public async Task JoinAsync(Guid playlistId)
    {
        await CallAsync("Join", $"\"{playlistId}\",null");
        await _joined.Task;
    }

    /// <summary>Appends a track, and gives the answer.</summary>
    public Task<JsonElement> AppendAsync(Guid playlistId, Guid trackId) =>
        ApplyAsync(playlistId, $$"""{"kind":"append","trackIds":["{{trackId}}"]}""");

    /// <summary>Removes an entry, and gives the answer.</summary>
    public Task<JsonElement> RemoveAsync(Guid playlistId, int entryId) =>
        ApplyAsync(playlistId, string.Create(
            CultureInfo.InvariantCulture, $$"""{"kind":"remove","entryIds":[{{entryId}}]}"""));

    /// <summary>The entry that an answer names first.</summary>
    public static int EntryOf(JsonElement answer) =>
        answer.GetProperty("results")[0].GetProperty("entryIds")[0].GetInt32();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await Task.WhenAll(_receiving, _pinging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    private Task<JsonElement> ApplyAsync(Guid playlistId, string operation) => CallAsync(
        "Apply",
        $$"""
        "{{playlistId}}",{"operationId":"{{Guid.CreateVersion7()}}","ops":[{{operation}}]}
        """);

    private async Task<JsonElement> CallAsync(string method, string arguments)
    {
        var id = Interlocked.Increment(ref _lastCall);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        if (_receiving.IsCompleted)
        {
            throw new InvalidOperationException("The connection is lost.");
        }

        await SendAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":1,"invocationId":"{{id}}","target":"{{method}}","arguments":[{{arguments}}]}"""));
        return await answer.Task;
    }

    private async Task SendAsync(string record)
    {
        var bytes = Encoding.UTF8.GetBytes(record + (char)RecordEnd);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingInterval);
        while (await timer.WaitForNextTickAsync(_closing.Token))
        {
            await SendAsync("""{"type":6}""");
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[BufferBytes];
        var filled = 0;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(filled), _closing.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    throw new InvalidOperationException("The hub closed a connection.");
                }

                filled = TakeRecords(buffer, filled + received.Count, Stopwatch.GetTimestamp());
                if (filled == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }
            }
        }
        catch (Exception failure)
        {
            if (!_closing.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync($"  A connection to a hub was lost: {failure.Message}");
            }

            _joined.TrySetException(failure);
            foreach (var (_, call) in _calls)
            {
                call.TrySetException(failure);
            }
        }
    }

    /// <returns>How many bytes of an unfinished record are left at the beginning of the buffer.</returns>
    private int TakeRecords(byte[] buffer, int filled, long now)
    {
        var start = 0;
        while (buffer.AsSpan(start, filled - start).IndexOf(RecordEnd) is >= 0 and var length)
        {
            Take(buffer.AsSpan(start, length), now);
            start += length + 1;
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        return filled - start;
    }

    private void Take(ReadOnlySpan<byte> record, long now)
    {
        if (record.StartsWith("""{"type":1,"target":"Changed","""u8))
        {
            _joined.TrySetResult();
            OnChanged?.Invoke(VersionIn(record), now, record.Length);
        }
        else if (record.StartsWith("""{"type":1,"target":"Snapshot","""u8))
        {
            _joined.TrySetResult();
        }
        else if (record.StartsWith("""{"type":3,"""u8))
        {
            Complete(JsonElement.Parse(record));
        }
    }

    // The message's own version comes before those of the changes in it.
    private static long VersionIn(ReadOnlySpan<byte> record)
    {
        var name = "\"version\":"u8;
        return Utf8Parser.TryParse(record[(record.IndexOf(name) + name.Length)..], out long version, out _)
            ? version
            : throw new InvalidOperationException("A Changed message has no version.");
    }

    private void Complete(JsonElement completion)
    {
        var id = long.Parse(completion.GetProperty("invocationId").GetString()!, CultureInfo.InvariantCulture);
        if (!_calls.TryRemove(id, out var call))
        {
            return;
        }

        if (completion.TryGetProperty("error", out var error))
        {
            call.SetException(new InvalidOperationException(error.GetString()));
        }
        else
        {
            call.SetResult(completion.TryGetProperty("result", out var result) ? result : default);
        }
    }
}
