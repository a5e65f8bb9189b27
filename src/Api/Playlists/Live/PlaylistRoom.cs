using System.Threading.Channels;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// One playlist's clients in this process. All that happens to a room goes through its inbox, and one loop works it
/// off: so joins and changes have one order, and each client gets each version once. The loop never waits for a
/// client; it waits for the playlist only where it cannot go on without it.
/// </summary>
internal sealed partial class PlaylistRoom : IPlaylistObserver, IAsyncDisposable
{
    // What one round takes from the inbox before it sends, so that a flood of steps cannot keep clients waiting.
    private const int StepsPerRound = 256;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly IPlaylistGrain _playlist;
    private readonly IGrainFactory _grains;
    private readonly LiveWriter _writer;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<PlaylistRoom, LiveConnection> _letGo;

    private readonly Channel<Func<ValueTask>> _inbox;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _wake;
    private readonly long _startedAt;
    private IPlaylistObserver? _reference;
    private ChangeRing? _ring;
    private RoomMembers? _members;
    private Task _loop = Task.CompletedTask;

    private TimeSpan? _renewAt;
    private TimeSpan? _catchUpAt;
    private TimeSpan? _expectedBy;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private long _expected;
    private volatile bool _isWakeSet;
    private int _missedSome;
    private bool _isGone;

    public PlaylistRoom(
        Guid playlistId,
        IGrainFactory grains,
        LiveWriter writer,
        LiveOptions options,
        TimeProvider time,
        ILogger<PlaylistRoom> logger,
        Action<PlaylistRoom, LiveConnection> letGo)
    {
        PlaylistId = playlistId;
        Closing = _closing.Token;
        _grains = grains;
        _playlist = grains.GetGrain<IPlaylistGrain>(playlistId);
        _writer = writer;
        _options = options;
        _time = time;
        _logger = logger;
        _letGo = letGo;
        _inbox = Channel.CreateBounded<Func<ValueTask>>(
            new BoundedChannelOptions(options.InboxMax) { SingleReader = true });
        _startedAt = time.GetTimestamp();
        _wake = time.CreateTimer(_ => OnWake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Opened = OpenAsync();
    }

    /// <summary>The playlist.</summary>
    public Guid PlaylistId { get; }

    /// <summary>Ends when the room hears of changes; fails when the playlist cannot be reached.</summary>
    public Task Opened { get; }

    /// <summary>The time since the room began.</summary>
    internal TimeSpan Now => _time.GetElapsedTime(_startedAt);

    /// <inheritdoc/>
    public Task Changed(PlaylistChanges changes)
    {
        if (!_inbox.Writer.TryWrite(() => OnChangedAsync(changes)))
        {
            LiveMetrics.Dropped.Inc();
            Interlocked.Exchange(ref _missedSome, 1);
        }

        return Task.CompletedTask;
    }

    /// <summary>Says that a version exists, so that the room asks for it when it does not come by itself.</summary>
    public void Expect(long version)
    {
        if (_ring is not { } ring || version <= ring.Newest.Version)
            return;
        var known = Interlocked.Read(ref _expected);
        while (known < version)
        {
            var seen = Interlocked.CompareExchange(ref _expected, version, known);
            if (seen == known)
                break;
            known = seen;
        }

        // While an earlier version is being waited for, the loop has a wake-up set, and looks at this one then.
        if (known <= ring.Newest.Version)
            Wake();
    }

    /// <summary>Lets a client in that may read the playlist as of <paramref name="versions"/>.</summary>
    /// <param name="connection">The client.</param>
    /// <param name="sinceVersion">The version that it has; null for none.</param>
    /// <param name="versions">The versions that it was found to be allowed to read.</param>
    public async Task JoinAsync(LiveConnection connection, long? sinceVersion, PlaylistVersions versions)
    {
        await Opened;

        // A version that the playlist has not reached can only come from another life of it.
        var since = sinceVersion <= versions.Version ? sinceVersion : null;
        var checkedAt = versions.Version;
        Refill? refill = null;
        if (since is null || !_ring!.Covers(since.Value))
        {
            LiveMetrics.CatchUps.WithLabels("client").Inc();
            var catchUp = await _playlist.CatchUp(connection.Actor, since);
            refill = await _writer.WriteAsync(PlaylistId, catchUp, connection.Actor);
            checkedAt = refill.Version;
        }

        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isPosted = await PostAsync(() =>
        {
            try
            {
                _members!.Join(connection, since, refill, checkedAt);
                joined.SetResult();
            }
            catch (Exception exception)
            {
                joined.SetException(exception);
            }
        });
        if (!isPosted)
            throw new IndiiException(ErrorCode.DependencyUnavailable, "The server is shutting down. Connect again.");
        await joined.Task;
    }

    /// <summary>Takes a client out.</summary>
    public Task LeaveAsync(LiveConnection connection) => PostAsync(() => _members!.Leave(connection));

    /// <summary>Notes what a client's user does, unless too much is going on.</summary>
    public void SetFocus(LiveConnection connection, PresenceFocus focus) => _inbox.Writer.TryWrite(() =>
    {
        _members!.SetFocus(connection, focus);
        return ValueTask.CompletedTask;
    });

    /// <summary>Stops the loop and tells the playlist, if it can be told within seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _inbox.Writer.TryComplete();
        await Opened.ContinueWith(_ => { }, TaskScheduler.Default);
        await _loop;
        await _wake.DisposeAsync();
        _closing.Dispose();
        if (_reference is null)
            return;
        try
        {
            await _playlist.Unsubscribe(_reference).WaitAsync(GoodbyeTimeout, _time);
        }
        catch (Exception exception)
        {
            // The subscription runs out by itself.
            LogUnsubscribeFailed(exception, PlaylistId);
        }

        _grains.DeleteObjectReference<IPlaylistObserver>(_reference);
    }

    private async Task OpenAsync()
    {
        _reference = _grains.CreateObjectReference<IPlaylistObserver>(this);
        var lease = await _playlist.Subscribe(_reference);
        _ring = new ChangeRing(lease.Versions, _options.ChangesKeptMax, _options.ChangesKeptBytesMax);
        _members = new RoomMembers(this, _ring, _playlist, _writer, _options, _time, _logger, _letGo);
        _renewAt = Now + RenewIn(lease);
        _loop = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (await _inbox.Reader.WaitToReadAsync())
        {
            for (var i = 0; i < StepsPerRound && _inbox.Reader.TryRead(out var step); i++)
                await TryAsync(step);
            await TryAsync(AdvanceAsync);
        }
    }

    private async ValueTask TryAsync(Func<ValueTask> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception)
        {
            // A step that fails must not end the room for everybody. If it was a change, the gap shows that later.
            LogStepFailed(exception, PlaylistId);
        }
    }

    private async ValueTask AdvanceAsync()
    {
        var members = _members!;
        await FindLostVersionsAsync();
        if (_renewAt <= Now)
        {
            _renewAt = null;
            _ = RenewAsync();
        }

        members.CutOffSlow(Now);
        if (_isGone)
            members.ExpelAll(ClosedReason.Deleted);
        else
            members.FanOut(Now);
        members.ShowPresence(Now);
        SetWake(Earliest(_renewAt, _expectedBy, members.Count > 0 ? _catchUpAt : null, members.DueAt));
    }

    private async ValueTask FindLostVersionsAsync()
    {
        if (Interlocked.Exchange(ref _missedSome, 0) == 1)
            _catchUpAt = Now;
        if (Interlocked.Read(ref _expected) <= _ring!.Newest.Version)
        {
            _expectedBy = null;
        }
        else if (_expectedBy is null)
        {
            _expectedBy = Now + _options.MissingVersionPatience;
        }
        else if (_expectedBy <= Now)
        {
            // The notification did not come: the playlist may have forgotten this room, as it does when it restarts.
            _expectedBy = null;
            _catchUpAt = Now;
            _renewAt = _renewAt is null ? null : Now;
        }

        if (_catchUpAt <= Now && _members!.Count > 0)
            await CatchUpAsync();
    }

    private async ValueTask OnChangedAsync(PlaylistChanges changes)
    {
        if (changes.Changes.IsEmpty || changes.Versions.Version <= _ring!.Newest.Version)
            return;
        if (changes.Changes[0].Version > _ring.Newest.Version + 1)
            await CatchUpAsync();
        if (changes.Changes[0].Version <= _ring.Newest.Version + 1)
            await TakeAsync(changes);
        else
            Expect(changes.Versions.Version);
    }

    private async ValueTask TakeAsync(PlaylistChanges changes)
    {
        foreach (var written in await _writer.WriteAsync(changes, _ring!.Newest))
            _ring.Add(written);
        _members!.NewsCame();
        foreach (var change in changes.Changes)
        {
            switch (change)
            {
                case CollaboratorChangedChange { Role: null } removed:
                    _members.CheckAccess(change.Version, removed.UserId, ClosedReason.Removed);
                    break;
                case DetailsChangedChange { Details.Visibility: PlaylistVisibility.Private }:
                    _members.CheckAccess(change.Version, userId: null, ClosedReason.Forbidden);
                    break;
                case DeletedChange:
                    _isGone = true;
                    break;
            }
        }
    }

    /// <summary>Asks for what is missing in the name of a member, as only readers may.</summary>
    private async ValueTask CatchUpAsync()
    {
        _catchUpAt = null;
        foreach (var member in _members!.All())
        {
            try
            {
                LiveMetrics.CatchUps.WithLabels("room").Inc();
                var catchUp = await _playlist.CatchUp(member.Actor, _ring!.Newest.Version)
                    .WaitAsync(_options.CallTimeout, _time);
                if (catchUp.Missing is { } missing)
                    await TakeAsync(missing);
                else
                    _members.BeginAnew(catchUp.Snapshot!.Playlist.Versions);
                return;
            }
            catch (IndiiException lost) when (IsLossOfAccess(lost))
            {
                _members.Expel(member, ClosedReason.Forbidden);
            }
            catch (Exception exception)
            {
                LogCatchUpFailed(exception, PlaylistId);
                _catchUpAt = Now + RetryDelay;
                return;
            }
        }

        // Nobody was left to ask for; the next to come asks.
        _catchUpAt = Now;
    }

    private async Task RenewAsync()
    {
        try
        {
            var lease = await _playlist.Subscribe(_reference!).WaitAsync(_options.CallTimeout, _time);
            await PostAsync(() =>
            {
                _renewAt = Now + RenewIn(lease);
                Expect(lease.Versions.Version);
            });
        }
        catch (Exception exception)
        {
            LogRenewalFailed(exception, PlaylistId);
            await PostAsync(() =>
            {
                _renewAt = Now + RetryDelay;
                _isGone |= exception is IndiiException { Code: ErrorCode.NotFound };
            });
        }
    }

    /// <summary>Puts a step into the inbox, waiting for room; false when the room is closing.</summary>
    internal async Task<bool> PostAsync(Action step)
    {
        try
        {
            await _inbox.Writer.WriteAsync(() =>
            {
                step();
                return ValueTask.CompletedTask;
            });
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <summary>Ends when the room closes.</summary>
    internal CancellationToken Closing { get; }

    /// <summary>Whether a failure says that its caller may no longer read the playlist.</summary>
    internal static bool IsLossOfAccess(IndiiException exception) =>
        exception.Code is ErrorCode.NotFound or ErrorCode.Forbidden or ErrorCode.Unauthenticated;

    private TimeSpan RenewIn(ObserverLease lease) =>
        lease.Lifetime / 2 < _options.ProbeInterval ? lease.Lifetime / 2 : _options.ProbeInterval;

    private void OnWake()
    {
        _isWakeSet = false;
        Wake();
    }

    // A full inbox needs no wake-up: the loop is at work and looks at what is due in every round.
    private void Wake() => _inbox.Writer.TryWrite(() => ValueTask.CompletedTask);

    private void SetWake(TimeSpan at)
    {
        if (at == _wakeAt && _isWakeSet)
            return;
        _wakeAt = at;
        _isWakeSet = true;
        var dueInMs = Math.Max(0, Math.Ceiling((at - Now).TotalMilliseconds));
        _wake.Change(
            at == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(dueInMs),
            Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Earliest(params ReadOnlySpan<TimeSpan?> times)
    {
        var earliest = TimeSpan.MaxValue;
        foreach (var time in times)
        {
            if (time < earliest)
                earliest = time.Value;
        }

        return earliest;
    }
}
