using System.Collections.Immutable;
using System.Diagnostics;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Tracing;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// A playlist's event log as its grain sees it. Commands are decided on <see cref="Tip"/>, ahead of the disk, and
/// written in groups: whatever arrives while one write is under way goes out with the next. Readers see
/// <see cref="Durable"/> only. When a write fails, all that was decided on top of it fails with it and the tip falls
/// back, so that nothing is ever appended on a state that others do not share.
/// </summary>
/// <remarks>Runs on its grain's scheduler alone, hence no locks. Group commit: DeWitt et al., 1984.</remarks>
internal sealed partial class PlaylistJournal(string stream, IEventStore store, ILogger logger)
{
    // A MongoDB document holds at most 16 MB; one more command of ordinary size always fits on top of this.
    private const int BatchItemsMax = 100_000;
    private const int BatchCommandsMax = 1_000;
    private const int SnapshotEventsMin = 900;
    private const int RecentItemsMax = 2_048;
    private const int PastStatesMax = 2;

    private readonly Queue<PendingCommand> _pending = new();
    private readonly Dictionary<long, PendingCommand> _undecided = [];
    private readonly Queue<CommittedCommand> _recent = new();
    private readonly List<PlaylistState> _past = [];
    private readonly RecentOperations _operations = new();
    private int _recentItems;
    private bool _isLoaded;
    private bool _isStale;
    private bool _isWriting;
    private Task? _loading;
    private int _eventsSinceSnapshot;
    private long _bytesSinceSnapshot;
    private long _snapshotBytes;
    private Task _snapshot = Task.CompletedTask;

    /// <summary>What is on disk: all that readers may see.</summary>
    public PlaylistState Durable { get; private set; } = PlaylistState.None;

    /// <summary>What the next command is decided on.</summary>
    public PlaylistState Tip { get; private set; } = PlaylistState.None;

    /// <summary>Told of every batch right after it became durable.</summary>
    public Action<CommittedBatch>? Committed { get; init; }

    /// <summary>Makes sure that <see cref="Durable"/> was read.</summary>
    public Task ReadyToReadAsync() => _isLoaded ? Task.CompletedTask : LoadOnceAsync();

    /// <summary>Makes sure that <see cref="Tip"/> is what the store holds, after a failed write too.</summary>
    public Task ReadyToWriteAsync() => _isLoaded && !_isStale ? Task.CompletedTask : LoadOnceAsync();

    /// <summary>Takes a decision that was made on <see cref="Tip"/>; completes when it is durable.</summary>
    /// <exception cref="IndiiException">
    /// <c>write_conflict</c> or <c>storage_unavailable</c>: nothing was acknowledged, the same operation may be sent
    /// again.
    /// </exception>
    public Task AppendAsync(PlaylistCommandRecord record, PlaylistState after)
    {
        if (_isStale || !_isLoaded || after.Version != Tip.Version + record.Events.Length)
        {
            throw Conflict();
        }

        var command = new PendingCommand(new CommittedCommand(Tip.Version + 1, record), after);
        Tip = after;
        Remember(command.Command);
        _pending.Enqueue(command);
        _undecided.Add(command.Command.FirstVersion, command);
        if (!_isWriting)
        {
            _isWriting = true;
            WriteAsync().Ignore();
        }

        return command.Completion.Task;
    }

    /// <summary>
    /// The command that a user's operation id belongs to, once it is durable; null when it is none of the last
    /// <see cref="PlaylistLimits.RememberedOperationsMin"/>. Completes at once when the id was never seen.
    /// </summary>
    public ValueTask<CommittedCommand?> FindOperationAsync(Guid user, string operationId)
    {
        var version = _operations.Find(RecentOperations.HashOf(user, operationId));
        return version is { } first ? FindCommandAsync(user, operationId, first) : default;
    }

    /// <summary>The commands that made the versions of a range, in order; the first may begin before it.</summary>
    public async IAsyncEnumerable<CommittedCommand> ReadAsync(long fromVersion, long toVersion)
    {
        if (fromVersion > toVersion)
        {
            yield break;
        }

        if (_recent.TryPeek(out var oldest) && oldest.FirstVersion <= fromVersion)
        {
            foreach (var command in _recent.ToArray())
            {
                if (command.LastVersion >= fromVersion && command.FirstVersion <= toVersion)
                {
                    yield return command;
                }
            }

            yield break;
        }

        await foreach (var batch in store.ReadAsync(stream, fromVersion, toVersion, CancellationToken.None))
        {
            foreach (var command in PlaylistDocuments.ReadBatch(batch))
            {
                if (command.LastVersion >= fromVersion && command.FirstVersion <= toVersion)
                {
                    yield return command;
                }
            }
        }
    }

    /// <summary>The commands that began at or before a version, newest first.</summary>
    public async IAsyncEnumerable<CommittedCommand> ReadBackwardsAsync(long fromVersion)
    {
        const int batchesPerRead = 100;
        for (var next = fromVersion; next > 0;)
        {
            await foreach (var batch in store.ReadBackwardsAsync(stream, next, batchesPerRead, CancellationToken.None))
            {
                next = batch.FirstVersion - 1;
                foreach (var command in PlaylistDocuments.ReadBatch(batch).Reverse())
                {
                    if (command.FirstVersion <= fromVersion)
                    {
                        yield return command;
                    }
                }
            }
        }
    }

    /// <summary>
    /// The state at a version that is durable: from memory, or from the nearest snapshot and what followed.
    /// </summary>
    public async ValueTask<PlaylistState> StateAtAsync(long version)
    {
        if (version == Durable.Version)
        {
            return Durable;
        }

        if (version == 0)
        {
            return PlaylistState.None;
        }

        if (_past.Find(past => past.Version == version) is { } known)
        {
            return known;
        }

        var snapshot = await store.ReadSnapshotAsync(stream, version, CancellationToken.None);
        var state = snapshot is null ? PlaylistState.None : PlaylistSnapshots.Read(snapshot).State;
        await foreach (var command in ReadAsync(state.Version + 1, version))
        {
            foreach (var happened in command.Record.Events.Take((int)(version - state.Version)))
            {
                state = state.Apply(happened, command.Record.Context);
            }
        }

        _past.Add(state);
        if (_past.Count > PastStatesMax)
        {
            _past.RemoveAt(0);
        }

        return state;
    }

    /// <summary>Completes when nothing is being written any more.</summary>
    public async Task SettleAsync()
    {
        while (_undecided.Count > 0)
        {
            await _undecided.Values.Last().Completion.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await _snapshot;
    }

    private static IndiiException Conflict() => new(
        ErrorCode.WriteConflict, "Another writer of this playlist was first; send the same operation again.");

    private Task LoadOnceAsync() => _loading ??= LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            if (!_isLoaded)
            {
                await LoadSnapshotAsync();
            }

            await foreach (var batch in store.ReadAsync(
                stream, Durable.Version + 1, long.MaxValue, CancellationToken.None))
            {
                TakeOver(batch);
            }

            Tip = Durable;
            (_isLoaded, _isStale) = (true, false);
        }
        catch (EventStoreUnavailableException e)
        {
            throw Unavailable(e);
        }
        finally
        {
            _loading = null;
        }
    }

    private async Task LoadSnapshotAsync()
    {
        if (await store.ReadSnapshotAsync(stream, long.MaxValue, CancellationToken.None) is not { } snapshot)
        {
            return;
        }

        var (state, operations) = PlaylistSnapshots.Read(snapshot);
        Durable = state;
        _snapshotBytes = snapshot.Parts.Sum(static part => (long)part.Length);
        foreach (var stamp in operations)
        {
            _operations.Add(stamp);
        }
    }

    private void TakeOver(EventBatch batch)
    {
        var commands = PlaylistDocuments.ReadBatch(batch).ToImmutableArray();
        Durable = commands.Aggregate(Durable, static (state, command) => command.ApplyTo(state));
        foreach (var command in commands)
        {
            Remember(command);
        }

        Count(batch);
        if (_isStale)
        {
            Publish(batch.FirstVersion, commands);
        }
    }

    private async Task WriteAsync()
    {
        // It goes on for whoever comes next, and must not speak in the name of the request that began it.
        RequestContext.Clear();
        Activity.Current = null;

        // Commands that already wait in the grain's queue get their turn first and go out with this write.
        await Task.Yield();
        while (_pending.Count > 0)
        {
            var commands = TakePending();
            try
            {
                var batch = await Task.Run(() => AppendToStoreAsync(commands));
                Complete(batch, commands);
            }
            catch (Exception e)
            {
                Fail(commands, e);
            }
        }

        _isWriting = false;
    }

    private async Task<EventBatch> AppendToStoreAsync(PendingCommand[] commands)
    {
        using var span = Spans.StartShared(
            "event store append", ActivityKind.Client, commands.Select(static command => command.Request));
        var last = commands[^1].Command;
        var batch = new EventBatch(
            stream,
            commands[0].Command.FirstVersion,
            (int)(last.LastVersion - commands[0].Command.FirstVersion) + 1,
            last.Record.At,
            PlaylistDocuments.WriteBatch([.. commands.Select(static command => command.Command.Record)]));
        try
        {
            await store.AppendAsync(batch, CancellationToken.None);
        }
        catch (Exception e)
        {
            span.Fail(e);
            throw;
        }

        return batch;
    }

    private PendingCommand[] TakePending()
    {
        var commands = new List<PendingCommand>(Math.Min(_pending.Count, BatchCommandsMax));
        var items = 0;
        while (_pending.TryPeek(out var next)
            && (commands.Count == 0
                || (commands.Count < BatchCommandsMax && items + ItemsOf(next.Command) <= BatchItemsMax)))
        {
            items += ItemsOf(next.Command);
            commands.Add(_pending.Dequeue());
        }

        return [.. commands];
    }

    private void Complete(EventBatch batch, PendingCommand[] commands)
    {
        Durable = commands[^1].After;
        foreach (var command in commands)
        {
            _undecided.Remove(command.Command.FirstVersion);
            command.Completion.SetResult();
        }

        Count(batch);
        Publish(
            batch.FirstVersion,
            [.. commands.Select(static command => command.Command)],
            Spans.AreOn ? [.. commands.Select(static command => command.Request)] : null);
        WriteSnapshotIfDue();
    }

    private void Fail(PendingCommand[] commands, Exception cause)
    {
        IndiiException failure;
        if (cause is EventStoreConflictException)
        {
            failure = Conflict();
            LogConflict(logger, stream, commands[0].Command.FirstVersion);
        }
        else
        {
            failure = Unavailable(cause);
            LogUnavailable(logger, stream, commands[0].Command.FirstVersion, cause);
        }

        // Whether the write took effect may be unknown: the store decides when it is read again.
        _isStale = true;
        Tip = Durable;
        _operations.ForgetAfter(Durable.Version);
        foreach (var command in commands.Concat(_pending).ToArray())
        {
            command.Completion.SetException(failure);
        }

        _pending.Clear();
        _undecided.Clear();
    }

    private static IndiiException Unavailable(Exception cause) => new(
        ErrorCode.StorageUnavailable,
        "Storage does not take this now; nothing is known to be changed. Send the same operation again later.",
        cause);

    private void Publish(
        long firstVersion, ImmutableArray<CommittedCommand> commands, IReadOnlyList<ActivityContext>? requests = null)
    {
        foreach (var command in commands)
        {
            _recent.Enqueue(command);
            _recentItems += ItemsOf(command);
        }

        while (_recentItems > RecentItemsMax && _recent.TryDequeue(out var old))
        {
            _recentItems -= ItemsOf(old);
        }

        Committed?.Invoke(new CommittedBatch(firstVersion, commands, requests));
    }

    private void Remember(CommittedCommand command)
    {
        if (command.Record is { Operation: { } operation, By: { } user })
        {
            _operations.Add(new OperationStamp(RecentOperations.HashOf(user, operation), command.FirstVersion));
        }
    }

    private async ValueTask<CommittedCommand?> FindCommandAsync(Guid user, string operationId, long firstVersion)
    {
        if (_undecided.TryGetValue(firstVersion, out var undecided))
        {
            await undecided.Completion.Task;
        }

        try
        {
            return await ReadAsync(firstVersion, firstVersion).FirstOrDefaultAsync(
                command => command.Record.Operation == operationId && command.Record.By == user);
        }
        catch (EventStoreUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    private void Count(EventBatch batch)
    {
        _eventsSinceSnapshot += batch.EventCount;
        _bytesSinceSnapshot += batch.Body.Length;
    }

    private void WriteSnapshotIfDue()
    {
        // The bytes bound what snapshots of a large list cost: at most twice the writing that its events do.
        if (_eventsSinceSnapshot < SnapshotEventsMin || _bytesSinceSnapshot * 2 < _snapshotBytes
            || !_snapshot.IsCompleted)
        {
            return;
        }

        var state = Durable;
        var operations = _operations.UpTo(state.Version);
        (_eventsSinceSnapshot, _bytesSinceSnapshot) = (0, 0);
        _snapshot = WriteSnapshotAsync(state, operations);
    }

    private async Task WriteSnapshotAsync(PlaylistState state, OperationStamp[] operations)
    {
        try
        {
            _snapshotBytes = await Task.Run(async () =>
            {
                var snapshot = PlaylistSnapshots.Write(stream, state, operations);
                await store.WriteSnapshotAsync(snapshot, CancellationToken.None);
                return snapshot.Parts.Sum(static part => (long)part.Length);
            });
        }
        catch (Exception e)
        {
            _eventsSinceSnapshot += SnapshotEventsMin;
            _bytesSinceSnapshot += _snapshotBytes;
            LogSnapshotFailed(logger, stream, state.Version, e);
        }
    }

    private static int ItemsOf(CommittedCommand command)
    {
        const int perCommand = 8;
        var items = perCommand;
        foreach (var happened in command.Record.Events)
        {
            items += happened switch
            {
                EntriesAdded added => added.Tracks.Length,
                EntriesMoved moved => moved.Entries.Length,
                EntriesRemoved removed => removed.Entries.Length,
                EntriesRestored restored => restored.Entries.Length,
                SuggestionMade made => made.Tracks.Length,
                _ => 1,
            };
        }

        return items;
    }

    private sealed class PendingCommand(CommittedCommand command, PlaylistState after)
    {
        public CommittedCommand Command { get; } = command;

        public PlaylistState After { get; } = after;

        /// <summary>The span that waits for it.</summary>
        public ActivityContext Request { get; } = Activity.Current?.Context ?? default;

        public TaskCompletionSource Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What one write made durable.</summary>
/// <param name="FirstVersion">The batch's key in the store.</param>
/// <param name="Commands">Its commands, at least one.</param>
/// <param name="Requests">The spans that asked for them; null where none are recorded.</param>
internal sealed record CommittedBatch(
    long FirstVersion, ImmutableArray<CommittedCommand> Commands, IReadOnlyList<ActivityContext>? Requests = null);
