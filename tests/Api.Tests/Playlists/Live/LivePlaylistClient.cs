using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>
/// A client as an app would write it, from the documented JSON alone: it keeps a list by applying changes, comes back
/// with the version that it has, and notes whatever breaks the promise of each version once and in order.
/// </summary>
public sealed class LivePlaylistClient : IAsyncDisposable
{
    private readonly string _playlistId;
    private readonly Func<Task<string?>> _accessToken;
    private readonly Func<long, string, Task<JsonElement>>? _readPage;
    private readonly Lock _lock = new();
    private readonly LinkedList<LiveEntry> _list = [];
    private readonly Dictionary<int, LinkedListNode<LiveEntry>> _byId = [];
    private readonly List<(long Version, TaskCompletionSource Reached)> _waiting = [];
    private readonly List<string> _violations = [];
    private HubConnection? _connection;
    private ClientWebSocket? _socket;
    private TaskCompletionSource _lost = NewSignal();
    private TaskCompletionSource _greeted = NewSignal();
    private long? _version;

    /// <param name="address">The server's, with no slash at the end.</param>
    /// <param name="playlistId">The playlist to watch.</param>
    /// <param name="accessToken">Gives a token that is good now.</param>
    /// <param name="readPage">Reads a page of entries by version and cursor; needed for lists over one page.</param>
    public LivePlaylistClient(
        string address,
        Guid playlistId,
        Func<Task<string?>> accessToken,
        Func<long, string, Task<JsonElement>>? readPage = null)
    {
        Address = address;
        _playlistId = playlistId.ToString();
        _accessToken = accessToken;
        _readPage = readPage;
    }

    /// <summary>The server that it connects to next.</summary>
    public string Address { get; set; }

    /// <summary>The certificate that the server shows, where no authority vouches for it.</summary>
    public X509Certificate2? Trusts { get; init; }

    /// <summary>Called with each Changed message, after it was applied.</summary>
    public Action<JsonElement>? OnChanged { get; set; }

    /// <summary>The version of the list; null before the first join.</summary>
    public long? Version
    {
        get
        {
            lock (_lock)
                return _version;
        }
    }

    /// <summary>The list as this client has it.</summary>
    public IReadOnlyList<LiveEntry> Entries
    {
        get
        {
            lock (_lock)
                return [.. _list];
        }
    }

    /// <summary>What broke the promise; empty when all is well.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_lock)
                return [.. _violations];
        }
    }

    /// <summary>Changed messages that came.</summary>
    public int ChangedMessages { get; private set; }

    /// <summary>Snapshots that came.</summary>
    public int Snapshots { get; private set; }

    /// <summary>The last list of who is there; undefined before the first.</summary>
    public JsonElement Presence { get; private set; }

    /// <summary>Why the server closed the playlist to this client; null while it has not.</summary>
    public string? ClosedReason { get; private set; }

    /// <summary>Ends when the connection is lost or closed.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Connects, and watches from the version that this client has.</summary>
    public async Task ConnectAsync(bool join = true, CancellationToken cancellationToken = default)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl($"{Address}/hubs/playlists", options =>
            {
                options.Transports = HttpTransportType.WebSockets;
                options.WebSocketFactory = async (context, token) =>
                {
                    var socket = new ClientWebSocket();
                    if (Trusts is { } trusted)
                    {
                        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) =>
                            shown?.GetCertHashString() == trusted.GetCertHashString();
                    }

                    socket.Options.SetRequestHeader("Authorization", $"Bearer {await _accessToken()}");
                    await socket.ConnectAsync(context.Uri, token);
                    _socket = socket;
                    return socket;
                };
                options.SkipNegotiation = true;
            })
            .Build();
        var lost = _lost = NewSignal();
        connection.Closed += _ =>
        {
            lost.TrySetResult();
            return Task.CompletedTask;
        };
        connection.On<JsonElement>("Changed", changes => Apply(connection, changes));
        connection.On<JsonElement>("Snapshot", view => ReplaceAsync(connection, view));
        connection.On<JsonElement>("PresenceChanged", presence => Presence = presence);
        connection.On<JsonElement>("Closed", closed => ClosedReason = closed.GetProperty("reason").GetString());
        lock (_lock)
            _connection = connection;
        await connection.StartAsync(cancellationToken);
        if (join)
            await JoinAsync(cancellationToken);
    }

    /// <summary>Joins from the version that this client has, and waits until the server has said what is new.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken = default)
    {
        var greeted = _greeted = NewSignal();
        await InvokeAsync("Join", [_playlistId, Version], cancellationToken);
        await greeted.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    /// <summary>Breaks the connection with no word to the server.</summary>
    public async Task DropAsync()
    {
        HubConnection? connection;
        lock (_lock)
        {
            connection = _connection;
            _connection = null;
        }

        if (connection is null)
            return;
        _socket?.Abort();
        await connection.DisposeAsync();
    }

    /// <summary>Sends a command, and gives its result.</summary>
    public Task<JsonElement> SendAsync(
        string operationId, object[] ops, CancellationToken cancellationToken = default) =>
        InvokeAsync("Apply", [_playlistId, new { operationId, ops }], cancellationToken);

    /// <summary>Calls the hub. Failures come as <see cref="HubException"/> with <see cref="CodeOf"/>.</summary>
    public Task<JsonElement> InvokeAsync(
        string method, object?[] arguments, CancellationToken cancellationToken = default) =>
        (_connection ?? throw new InvalidOperationException("Not connected."))
        .InvokeCoreAsync<JsonElement>(method, arguments, cancellationToken);

    /// <summary>The stable code in a failed call's message.</summary>
    public static string? CodeOf(HubException failure)
    {
        var json = failure.Message.IndexOf('{', StringComparison.Ordinal);
        return json < 0
            ? null
            : JsonDocument.Parse(failure.Message[json..]).RootElement.GetProperty("code").GetString();
    }

    /// <summary>Waits until this client has a version.</summary>
    public Task WaitForAsync(long version, TimeSpan? timeout = null)
    {
        var reached = NewSignal();
        lock (_lock)
        {
            if (_version >= version)
                return Task.CompletedTask;
            _waiting.Add((version, reached));
        }

        return reached.Task.WaitAsync(timeout ?? TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync() => await DropAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // What a connection that was dropped still delivers is no part of what the next one promises. To be asked under the
    // lock: the version that the next one joins with must not move after it was read.
    private bool IsCurrent(HubConnection connection) => ReferenceEquals(connection, _connection);

    private void Apply(HubConnection connection, JsonElement message)
    {
        lock (_lock)
        {
            if (!IsCurrent(connection))
                return;
            ChangedMessages++;
            foreach (var change in message.GetProperty("changes").EnumerateArray())
            {
                var version = change.GetProperty("version").GetInt64();
                if (version != _version + 1)
                {
                    _violations.Add($"Version {version} came after {_version}.");
                    continue;
                }

                Apply(change);
                _version = version;
            }

            if (message.GetProperty("changes").GetArrayLength() > 0
                && message.GetProperty("version").GetInt64() != _version)
            {
                _violations.Add($"The message says {message.GetProperty("version")}, its changes end at {_version}.");
            }
        }

        TellWaiting();
        OnChanged?.Invoke(message);
    }

    private async Task ReplaceAsync(HubConnection connection, JsonElement snapshot)
    {
        var page = snapshot.GetProperty("firstPage");
        var version = page.GetProperty("version").GetInt64();
        var items = page.GetProperty("items").EnumerateArray().ToList();
        while (page.GetProperty("nextCursor").GetString() is { } cursor)
        {
            page = await _readPage!(version, cursor);
            items.AddRange(page.GetProperty("items").EnumerateArray());
        }

        lock (_lock)
        {
            if (!IsCurrent(connection))
                return;
            Snapshots++;
            _list.Clear();
            _byId.Clear();
            foreach (var item in items)
            {
                var entry = LiveEntry.Of(item);
                _byId[entry.EntryId] = _list.AddLast(entry);
            }

            _version = version;
        }

        TellWaiting();
    }

    private void Apply(JsonElement change)
    {
        switch (change.GetProperty("kind").GetString())
        {
            case "entriesAdded":
                var place = Find(change.GetProperty("after"));
                foreach (var item in change.GetProperty("entries").EnumerateArray())
                    place = Insert(LiveEntry.Of(item), place);
                break;
            case "entriesRestored":
                foreach (var item in change.GetProperty("entries").EnumerateArray())
                    Insert(LiveEntry.Of(item), Find(item.GetProperty("after")));
                break;
            case "entriesRemoved":
                foreach (var entryId in EntryIds(change))
                    Remove(entryId);
                break;
            case "entriesMoved":
                var target = Find(change.GetProperty("after"));
                foreach (var entry in EntryIds(change).Select(Remove).OfType<LiveEntry>().ToList())
                    target = Insert(entry, target);
                break;
        }
    }

    private static IEnumerable<int> EntryIds(JsonElement change) =>
        change.GetProperty("entryIds").EnumerateArray().Select(entryId => entryId.GetInt32());

    private LinkedListNode<LiveEntry>? Find(JsonElement after)
    {
        if (after.ValueKind == JsonValueKind.String)
            return null;
        if (!_byId.TryGetValue(after.GetInt32(), out var node))
            _violations.Add($"Entry {after} is an anchor, but not in the list at version {_version}.");
        return node;
    }

    private LinkedListNode<LiveEntry> Insert(LiveEntry entry, LinkedListNode<LiveEntry>? after)
    {
        var node = after is null ? _list.AddFirst(entry) : _list.AddAfter(after, entry);
        if (!_byId.TryAdd(entry.EntryId, node))
            _violations.Add($"Entry {entry.EntryId} came twice at version {_version}.");
        return node;
    }

    private LiveEntry? Remove(int entryId)
    {
        if (!_byId.Remove(entryId, out var node))
        {
            _violations.Add($"Entry {entryId} was taken out, but was not in the list at version {_version}.");
            return null;
        }

        _list.Remove(node);
        return node.Value;
    }

    private void TellWaiting()
    {
        _greeted.TrySetResult();
        lock (_lock)
        {
            foreach (var (_, reached) in _waiting.Where(waiting => waiting.Version <= _version))
                reached.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Version <= _version);
        }
    }
}

/// <summary>An entry as the client keeps it.</summary>
public sealed record LiveEntry(int EntryId, Guid TrackId)
{
    public static LiveEntry Of(JsonElement item) =>
        new(item.GetProperty("entryId").GetInt32(), item.GetProperty("trackId").GetGuid());
}
