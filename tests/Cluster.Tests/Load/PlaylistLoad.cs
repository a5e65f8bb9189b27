using System.Text.Json.Nodes;

namespace IndiiMusic.Cluster.Tests.Load;

/// <summary>
/// A playlist that several people edit at random over REST and the hub until told to stop. Then all must agree: every
/// client has the server's list, and what was acknowledged happened once.
/// </summary>
public sealed class PlaylistLoad : IAsyncDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly ApiClient _owner;
    private readonly List<HubEditor> _hub;
    private readonly List<RestEditor> _rest;
    private readonly List<ApiClient> _clients = [];
    private readonly Task _running;

    private PlaylistLoad(ApiClient owner, string path, int hubEditors, int restEditors, int? operationsEach)
    {
        // Editors that are to do so much do it as fast as they can; others leave the machine room for what is tested.
        var pause = operationsEach is null ? Breath : TimeSpan.Zero;
        var operations = operationsEach ?? int.MaxValue;
        _owner = owner;
        Path = path;
        _hub = [.. Enumerable.Range(0, hubEditors).Select(i => new HubEditor(Client(i), path, Edits, i))];
        _rest = [.. Enumerable.Range(0, restEditors).Select(i => new RestEditor(Client(i), path, Edits, 1_000 + i))];
        _running = Task.WhenAll(
            [.. _hub.Select(each => each.RunAsync(_stop.Token, operations, pause)),
                .. _rest.Select(each => each.RunAsync(_stop.Token))]);
    }

    /// <summary>Where the playlist is, under the API's base.</summary>
    public string Path { get; }

    /// <summary>What was acknowledged so far.</summary>
    public Acknowledged Edits { get; } = new();

    /// <summary>Operations that were answered so far.</summary>
    public int Answered => _hub.Sum(each => each.Answered) + _rest.Sum(each => each.Answered);

    /// <summary>Makes a playlist and begins.</summary>
    /// <param name="owner">Whose playlist it is.</param>
    /// <param name="hubEditors">Clients on the hub.</param>
    /// <param name="restEditors">Clients over REST.</param>
    /// <param name="operationsEach">How much each on the hub does; null for until it is stopped.</param>
    public static async Task<PlaylistLoad> StartAsync(
        ApiClient owner, int hubEditors = 4, int restEditors = 4, int? operationsEach = null)
    {
        var playlist = await owner.SendUntilAnsweredAsync(HttpMethod.Post, "/playlists", new { name = "Loaded" });
        var load = new PlaylistLoad(owner, $"/playlists/{playlist["id"]}", hubEditors, restEditors, operationsEach);
        await load.FlowsAsync(50);
        return load;
    }

    /// <summary>Waits until so many more operations were answered.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> FlowsAsync(int operations = 20)
    {
        var since = TimeProvider.System.GetTimestamp();
        var until = Answered + operations;
        while (Answered < until && !_running.IsCompletedSuccessfully)
        {
            if (_running.IsFaulted)
                await _running;
            var elapsed = TimeProvider.System.GetElapsedTime(since);
            Assert.True(elapsed < TimeSpan.FromSeconds(90), "The load came to a stop.");
            await Task.Delay(20);
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    /// <summary>Waits until all have done what they were to do.</summary>
    public Task EndAsync() => _running;

    /// <summary>Ends the load, and holds everybody's list against the server's.</summary>
    public async Task AssertConvergesAsync()
    {
        await _stop.CancelAsync();
        await _running;
        var view = await _owner.SendUntilAnsweredAsync(HttpMethod.Get, Path);
        var version = view["version"]!.GetValue<long>();
        var list = await Acknowledged.ReadAllAsync(_owner, Path);
        Edits.AssertHolds(list);
        foreach (var editor in _hub)
        {
            await editor.CatchUpAsync(version);
            Assert.Empty(editor.Client.Violations);
            Assert.Equal(list, editor.Client.Entries.Select(entry => (entry.EntryId, entry.TrackId)));
        }

        await AssertHistoryIsWholeAsync(version);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        foreach (var editor in _hub)
            await editor.DisposeAsync();
        _clients.ForEach(each => each.Dispose());
        _stop.Dispose();
    }

    /// <summary>Each version stands in the history once, with nothing between.</summary>
    private async Task AssertHistoryIsWholeAsync(long version)
    {
        var since = Math.Max(0, version - 50);
        var changes = await _owner.SendUntilAnsweredAsync(HttpMethod.Get, $"{Path}/changes?since={since}");
        if (changes["changes"] is JsonArray { Count: > 0 } newest)
        {
            var versions = newest.Select(change => change!["version"]!.GetValue<long>()).ToList();
            Assert.Equal(Enumerable.Range(0, versions.Count).Select(i => versions[0] + i), versions);
            Assert.Equal(version, versions[^1]);
        }
    }

    private ApiClient Client(int at)
    {
        var client = _owner.Fork(at);
        _clients.Add(client);
        return client;
    }
}
