using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// Undo and revert. They first read what happened, which is durable and never changes, and then decide on the tip as
/// every other command does.
/// </summary>
internal sealed partial class PlaylistGrain
{
    /// <inheritdoc/>
    public async Task<CommandResult> Undo(Actor actor, UndoOperation command)
    {
        var user = actor.RequireUser();
        await _journal.ReadyToWriteAsync();
        RequireReadable(_journal.Tip, actor);
        var target = await FindTargetAsync(command.TargetUserId, user, command.TargetOperationId)
            ?? throw new IndiiException(
                ErrorCode.NotUndoable,
                $"There is no such operation among the last {PlaylistLimits.RememberedOperationsMin:N0}.");
        if (target.Record.Events.Any(static happened => happened is PlaylistCreated))
        {
            throw new IndiiException(ErrorCode.NotUndoable, "Creating the playlist cannot be undone; delete it.");
        }

        var needed = target.Record.By == user
            ? OwnUndo(target.Record)
            : PlaylistCapabilities.Revert;
        var before = await StateAtAsync(target.FirstVersion - 1);
        var happened = PastEvents(target).ToList();
        return await CommitOnceAsync(actor, command.OperationId, (state, now) =>
        {
            PlaylistAccess.Require(state, actor, needed);
            return PlaylistRestore.TakeBack(state, before, happened, new Dictionary<int, int>(), actor, now);
        });
    }

    /// <inheritdoc/>
    public async Task<CommandResult> RevertToVersion(Actor actor, RevertToVersion command)
    {
        await ReadyToReadAsync(actor);
        PlaylistAccess.Require(State, actor, PlaylistCapabilities.Revert);
        var target = await PastAsync(command.ToVersion);
        return await CommitOnceAsync(actor, command.OperationId, (state, now) =>
            PlaylistMerge.RevertTo(state, target, actor, now));
    }

    /// <inheritdoc/>
    public async Task<CommandResult> RevertUser(Actor actor, RevertUser command)
    {
        await ReadyToReadAsync(actor);
        PlaylistAccess.Require(State, actor, PlaylistCapabilities.Revert);
        await _journal.SettleAsync();
        var happened = new List<PastEvent>();
        var others = new Dictionary<int, int>();
        PlaylistState? before = null;
        foreach (var item in await ReadingAsync(() => CommandsSinceAsync(command.Since)))
        {
            if (item.Record.By == command.UserId)
            {
                before ??= await StateAtAsync(item.FirstVersion - 1);
                happened.AddRange(PastEvents(item));
            }
            else
            {
                NotePlaces(others, item);
            }
        }

        return await CommitOnceAsync(actor, command.OperationId, (state, now) =>
        {
            PlaylistAccess.Require(state, actor, PlaylistCapabilities.Revert);
            return PlaylistRestore.TakeBack(state, before ?? state, happened, others, actor, now);
        });
    }

    private static PlaylistCapabilities OwnUndo(PlaylistCommandRecord record) =>
        record.Events.All(static happened => happened is SuggestionMade or OperationNoted)
            ? PlaylistCapabilities.Suggest
            : PlaylistCapabilities.EditOwnEntries;

    private static IEnumerable<PastEvent> PastEvents(CommittedCommand command) =>
        command.Record.Events.Select((happened, index) => new PastEvent(command.FirstVersion + index, happened));

    private static void NotePlaces(Dictionary<int, int> places, CommittedCommand command)
    {
        foreach (var happened in command.Record.Events)
        {
            var (entryIds, after) = happened switch
            {
                EntriesAdded added => (Enumerable.Range(added.First, added.Tracks.Length), added.After),
                EntriesMoved moved => (moved.Entries, moved.After),
                _ => ([], EntryList.Start),
            };
            foreach (var entryId in entryIds)
            {
                places[entryId] = after;
                after = entryId;
            }
        }
    }

    // An id alone is enough where only one user chose it: the caller's own operation goes before others'.
    private async ValueTask<CommittedCommand?> FindTargetAsync(Guid? targetUser, Guid caller, string operationId)
    {
        if (targetUser is { } named)
        {
            return await _journal.FindOperationAsync(named, operationId);
        }

        if (await _journal.FindOperationAsync(caller, operationId) is { } own)
        {
            return own;
        }

        foreach (var user in _journal.Tip.Collaborators.Keys)
        {
            if (user != caller && await _journal.FindOperationAsync(user, operationId) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private async Task<List<CommittedCommand>> CommandsSinceAsync(DateTimeOffset since)
    {
        var commands = new List<CommittedCommand>();
        var events = 0;
        await foreach (var command in _journal.ReadBackwardsAsync(State.Version))
        {
            if (command.Record.At < since)
            {
                break;
            }

            events += command.Record.Events.Length;
            if (events > PlaylistLimits.RevertEventsMax)
            {
                throw PlaylistDecisions.Limit(PlaylistLimits.RevertEventsMax, "events to look back over");
            }

            commands.Add(command);
        }

        commands.Reverse();
        return commands;
    }
}
