using IndiiMusic.Grains.Interfaces.Accounts;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>The rooms of this process: one for each playlist that a connection has joined.</summary>
internal sealed class PlaylistRooms(
    IGrainFactory grains,
    LiveWriter writer,
    IOptions<LiveOptions> options,
    TimeProvider time,
    ILogger<PlaylistRoom> roomLogger) : IHostedService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, PlaylistRoom> _rooms = [];
    private readonly Dictionary<PlaylistRoom, int> _users = [];
    private readonly HashSet<Task> _goodbyes = [];

    /// <summary>
    /// Joins a connection to a playlist that its user may read. It then gets what it misses after a version, or a
    /// snapshot, and every version from then on.
    /// </summary>
    public async Task JoinAsync(LiveConnection connection, Guid playlistId, long? sinceVersion)
    {
        var versions = await connection.Playlist(playlistId, grains).GetVersions(connection.Actor);
        connection.DisplayName ??= (await grains.GetGrain<IUserGrain>(connection.UserId).FindCard())?.DisplayName;
        if (connection.Find(playlistId) is { } joined)
        {
            await joined.JoinAsync(connection, sinceVersion, versions);
            return;
        }

        var room = Enter(playlistId);
        try
        {
            connection.Add(room, options.Value.RoomsPerConnectionMax);
        }
        catch
        {
            LetGo(room);
            throw;
        }

        try
        {
            await room.JoinAsync(connection, sinceVersion, versions);
        }
        catch
        {
            LetGo(room, connection);
            throw;
        }
    }

    /// <summary>Takes a connection out of a playlist, if it is there.</summary>
    public async Task LeaveAsync(LiveConnection connection, Guid playlistId)
    {
        if (connection.Find(playlistId) is not { } room)
            return;
        await room.LeaveAsync(connection);
        LetGo(room, connection);
    }

    /// <summary>Takes a connection that is over out of all playlists.</summary>
    public async Task LeaveAllAsync(LiveConnection connection)
    {
        foreach (var room in connection.Close())
            await LeaveAsync(connection, room.PlaylistId);
    }

    /// <summary>Tells a playlist's room, if there is one, of a version that an edit has made.</summary>
    public void Expect(Guid playlistId, long version)
    {
        PlaylistRoom? room;
        lock (_lock)
            _rooms.TryGetValue(playlistId, out room);
        room?.Expect(version);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] goodbyes;
        lock (_lock)
        {
            foreach (var room in _users.Keys.ToArray())
                Forget(room);
            goodbyes = [.. _goodbyes];
        }

        await Task.WhenAll(goodbyes).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private PlaylistRoom Enter(Guid playlistId)
    {
        lock (_lock)
        {
            // A room that could not open is of no use to those who come later.
            if (!_rooms.TryGetValue(playlistId, out var room) || room.Opened.IsFaulted)
            {
                room = new PlaylistRoom(playlistId, grains, writer, options.Value, time, roomLogger, LetGo);
                _rooms[playlistId] = room;
                LiveMetrics.Rooms.Inc();
            }

            _users[room] = _users.GetValueOrDefault(room) + 1;
            return room;
        }
    }

    private void LetGo(PlaylistRoom room, LiveConnection connection)
    {
        if (connection.Remove(room))
            LetGo(room);
    }

    private void LetGo(PlaylistRoom room)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(room, out var users))
                return;
            if (users > 1)
                _users[room] = users - 1;
            else
                Forget(room);
        }
    }

    private void Forget(PlaylistRoom room)
    {
        _users.Remove(room);
        if (_rooms.GetValueOrDefault(room.PlaylistId) == room)
            _rooms.Remove(room.PlaylistId);
        LiveMetrics.Rooms.Dec();
        var goodbye = Task.Run(() => room.DisposeAsync().AsTask());
        _goodbyes.Add(goodbye);
        _ = goodbye.ContinueWith(
            done =>
            {
                lock (_lock)
                    _goodbyes.Remove(done);
            },
            TaskScheduler.Default);
    }
}
