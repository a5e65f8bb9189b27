using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// The clients of one room and what goes to each. A client whose transport takes a message at once stays level with
/// the room. One that does not is behind: it gets nothing more until that message is taken, then all it misses in one;
/// nobody waits for it, and no queue grows. Only the room's loop calls in.
/// </summary>
internal sealed partial class RoomMembers(
    PlaylistRoom room,
    ChangeRing ring,
    IPlaylistGrain playlist,
    LiveWriter writer,
    LiveOptions options,
    TimeProvider time,
    ILogger logger,
    Action<PlaylistRoom, LiveConnection> letGo)
{
    // Questions to the playlist on behalf of single clients that are under way at once.
    private const int QuestionsMax = 8;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly SortedDictionary<long, RoomMember> _byId = [];
    private readonly Dictionary<LiveConnection, RoomMember> _byConnection = [];
    private readonly Dictionary<long, (SerializedHubMessage Message, long Version)> _messages = [];
    private readonly Queue<Question> _questions = [];
    private readonly Pacer _pacer = new(options.SendsPerSecond, options.SendsBurst);
    private readonly RoomPresence _presence = new(room.PlaylistId, options);
    private TimeSpan? _slowestDueAt;
    private int _questionsOpen;
    private long _lastId;
    private long _accessLostAt;
    private bool _isFanOutWanted;

    /// <summary>How many there are.</summary>
    public int Count => _byId.Count;

    /// <summary>When there is something to do, by the room's clock; null when only an event can change that.</summary>
    public TimeSpan? DueAt
    {
        get
        {
            var due = _slowestDueAt;
            if (_isFanOutWanted && !(_pacer.DueAt >= due))
                due = _pacer.DueAt;
            return _presence.DueAt is { } presence && !(presence >= due) ? presence : due;
        }
    }

    /// <summary>All of them, in the order they came, as they are at this moment.</summary>
    public RoomMember[] All() => [.. _byId.Values];

    /// <summary>Lets a client in, or greets one anew that is in already.</summary>
    /// <param name="connection">The client.</param>
    /// <param name="since">The version that it has; null for none.</param>
    /// <param name="refill">What brings it up to date, where the ring does not.</param>
    /// <param name="checkedAt">The version at which it was found to be allowed to read.</param>
    public void Join(LiveConnection connection, long? since, Refill? refill, long checkedAt)
    {
        if (connection.IsClosed || !connection.IsIn(room))
            throw IndiiException.Forbidden("The connection was taken out of the playlist while it joined.");

        if (!_byConnection.TryGetValue(connection, out var member))
        {
            member = new RoomMember(connection, ++_lastId, since ?? 0) { Refill = refill };
            _byId.Add(member.Id, member);
            _byConnection.Add(connection, member);
            _presence.Changed();
            LiveMetrics.Members.Inc();
        }
        else if (since is null)
        {
            member.Refill = refill;
        }

        // A client that is in already has been sent all up to its version: it must not get any of that twice.
        member.IsGreeted = false;
        if (_accessLostAt > checkedAt)
            Ask(member, isRefill: false, ClosedReason.Forbidden);
        Serve(member);
    }

    /// <summary>Takes a client out that wants to go, or is gone.</summary>
    public void Leave(LiveConnection connection)
    {
        if (_byConnection.TryGetValue(connection, out var member))
            Remove(member);
    }

    /// <summary>Notes what a client's user does.</summary>
    public void SetFocus(LiveConnection connection, PresenceFocus focus)
    {
        if (!_byConnection.TryGetValue(connection, out var member) || member.Focus == focus)
            return;
        member.Focus = focus;
        _presence.Changed();
    }

    /// <summary>The ring has news.</summary>
    public void NewsCame()
    {
        _messages.Clear();
        _isFanOutWanted = true;
    }

    /// <summary>The room lost the thread: everybody is brought to the newest version by itself.</summary>
    public void BeginAnew(PlaylistVersions versions)
    {
        ring.Reset(versions);
        _accessLostAt = versions.Version;
        NewsCame();
    }

    /// <summary>
    /// Holds back everything from clients that may have lost access by a version, until the playlist has said.
    /// </summary>
    public void CheckAccess(long version, Guid? userId, ClosedReason reason)
    {
        _accessLostAt = Math.Max(_accessLostAt, version);
        foreach (var member in _byId.Values)
        {
            if (userId is null || member.Connection.UserId == userId)
                Ask(member, isRefill: false, reason);
        }
    }

    /// <summary>Sends everybody what they miss, unless it is too early for that.</summary>
    public void FanOut(TimeSpan now)
    {
        if (!_isFanOutWanted || !_pacer.TryTake(now))
            return;
        _isFanOutWanted = false;
        foreach (var member in _byId.Values)
            Serve(member);
    }

    /// <summary>Sends everybody who is there, unless nothing is new or it is too early.</summary>
    public void ShowPresence(TimeSpan now)
    {
        if (_presence.Update(now, _byId.Values) is not { } message)
            return;
        foreach (var member in _byId.Values)
            ShowPresence(member, message);
    }

    /// <summary>Ends the connections of clients that do not take their message in time.</summary>
    public void CutOffSlow(TimeSpan now)
    {
        if (!(_slowestDueAt <= now))
            return;
        _slowestDueAt = null;
        foreach (var member in All())
        {
            if (member.WritingSince + options.SlowClientTimeout is not { } dueAt)
                continue;
            if (dueAt > now)
            {
                _slowestDueAt = _slowestDueAt < dueAt ? _slowestDueAt : dueAt;
                continue;
            }

            // A word of farewell would only queue behind the message that is stuck.
            LogSlow(room.PlaylistId, member.Sent, ring.Newest.Version);
            LiveMetrics.CutOffs.WithLabels(LiveMetrics.Slow).Inc();
            Remove(member);
            member.Connection.Abort();
        }
    }

    /// <summary>Takes a client out and tells it why.</summary>
    public void Expel(RoomMember member, ClosedReason reason)
    {
        if (!Remove(member))
            return;
        LiveMetrics.CutOffs.WithLabels(LiveMetrics.WordOf(reason)).Inc();
        Write(member, nameof(IPlaylistClient.Closed), LiveWriter.Message(
            nameof(IPlaylistClient.Closed), new ClosedMessage(room.PlaylistId, reason)));
    }

    /// <summary>Sends what there is, then takes everybody out.</summary>
    public void ExpelAll(ClosedReason reason)
    {
        foreach (var member in All())
        {
            Serve(member);
            Expel(member, reason);
        }
    }

    private bool Remove(RoomMember member)
    {
        if (!_byId.Remove(member.Id))
            return false;
        _byConnection.Remove(member.Connection);
        member.HasLeft = true;
        _presence.Changed();
        LiveMetrics.Members.Dec();
        letGo(room, member.Connection);
        return true;
    }

    private void Serve(RoomMember member)
    {
        if (member.IsReady && member.Refill is { } refill)
        {
            member.Refill = null;
            member.Sent = refill.Version;
            member.IsGreeted = true;
            Write(member, refill.Method, refill.Message);
        }

        while (member.IsReady && (member.Sent < ring.Newest.Version || !member.IsGreeted))
        {
            if (MessageAfter(member.Sent) is not (var message, var version))
            {
                Ask(member, isRefill: true, ClosedReason.Forbidden);
                return;
            }

            member.Sent = Math.Max(member.Sent, version);
            member.IsGreeted = true;
            Write(member, nameof(IPlaylistClient.Changed), message);
        }
    }

    private (SerializedHubMessage Message, long Version)? MessageAfter(long version)
    {
        if (_messages.TryGetValue(version, out var written))
            return written;
        if (ring.Read(version, options.ChangesPerMessageBytesMax) is not { } slice)
            return null;
        written = (LiveWriter.Changed(room.PlaylistId, slice), slice.Versions.Version);
        LiveMetrics.VersionsPerMessage.Observe(slice.Changes.Count);
        _messages.Add(version, written);
        return written;
    }

    private void ShowPresence(RoomMember member, SerializedHubMessage message)
    {
        if (!member.IsReady || member.PresenceSent == _presence.Revision)
            return;
        member.PresenceSent = _presence.Revision;
        Write(member, nameof(IPlaylistClient.PresenceChanged), message);
    }

    private void Write(RoomMember member, string method, SerializedHubMessage message)
    {
        LiveMetrics.Messages.WithLabels(method).Inc();
        var write = member.Connection.WriteAsync(message);
        if (write.IsCompletedSuccessfully)
        {
            write.GetAwaiter().GetResult();
            return;
        }

        var now = room.Now;
        member.WritingSince = now;
        _slowestDueAt ??= now + options.SlowClientTimeout;
        _ = SettleAsync(member, write.AsTask());
    }

    private async Task SettleAsync(RoomMember member, Task write)
    {
        // A write that fails ends the connection, which takes the member out by itself.
        await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await room.PostAsync(() =>
        {
            member.WritingSince = null;
            _isFanOutWanted |= member.Refill is not null || !member.IsGreeted || member.Sent < ring.Newest.Version;
            if (member.PresenceSent < _presence.Revision)
                _presence.Missed();
        });
    }

    private void Ask(RoomMember member, bool isRefill, ClosedReason reason)
    {
        member.IsSuspended = true;
        _questions.Enqueue(new Question(member, ++member.Question, isRefill ? member.Sent : null, reason));
        AskNext();
    }

    private void AskNext()
    {
        while (_questionsOpen < QuestionsMax && _questions.TryDequeue(out var question))
        {
            if (question.Member.HasLeft || question.Number != question.Member.Question)
                continue;
            _questionsOpen++;
            _ = AskAsync(question);
        }
    }

    private async Task AskAsync(Question question)
    {
        var member = question.Member;
        Action outcome = () => { };
        while (!room.Closing.IsCancellationRequested && !member.HasLeft)
        {
            try
            {
                var refill = await AskOnceAsync(member, question.Since);
                outcome = () => OnAnswered(question, refill);
                break;
            }
            catch (IndiiException lost) when (PlaylistRoom.IsLossOfAccess(lost))
            {
                outcome = () => Expel(member, question.Reason);
                break;
            }
            catch (Exception exception) when (!room.Closing.IsCancellationRequested)
            {
                LogQuestionFailed(exception, room.PlaylistId);
                await Task.Delay(RetryDelay, time, room.Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        await room.PostAsync(() =>
        {
            _questionsOpen--;
            outcome();
            AskNext();
        });
    }

    private async Task<Refill?> AskOnceAsync(RoomMember member, long? since)
    {
        if (since is null)
        {
            await playlist.GetVersions(member.Actor).WaitAsync(options.CallTimeout, time, room.Closing);
            return null;
        }

        LiveMetrics.CatchUps.WithLabels("client").Inc();
        var catchUp = await playlist.CatchUp(member.Actor, since).WaitAsync(options.CallTimeout, time, room.Closing);
        return await writer.WriteAsync(room.PlaylistId, catchUp, member.Actor);
    }

    private void OnAnswered(Question question, Refill? refill)
    {
        // If a later question is open, its answer counts.
        var member = question.Member;
        if (member.Question != question.Number)
            return;
        member.IsSuspended = false;
        member.Refill = refill ?? member.Refill;
        _isFanOutWanted = true;
    }

    /// <summary>
    /// Whether a client may still read the playlist, and what it misses after a version if one is given.
    /// </summary>
    private sealed record Question(RoomMember Member, long Number, long? Since, ClosedReason Reason);
}
