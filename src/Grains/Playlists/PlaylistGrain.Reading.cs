using System.Collections.Immutable;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>What the grain answers to readers: always what is durable.</summary>
internal sealed partial class PlaylistGrain
{
    /// <inheritdoc/>
    public async Task<ReadAccess> GetReadAccess(ImmutableArray<Actor> actors)
    {
        await _journal.ReadyToReadAsync();
        if (actors.Length > ReadAccess.ActorsMax)
        {
            throw PlaylistDecisions.Limit(ReadAccess.ActorsMax, "actors in a question");
        }

        var state = State;
        LeaveIfNeverMade(state);
        var mayRead = ImmutableArray.CreateBuilder<bool>(actors.Length);
        foreach (var actor in actors)
        {
            mayRead.Add(PlaylistAccess.Of(state, actor).HasFlag(PlaylistCapabilities.Read));
        }

        return new ReadAccess(state.Versions, mayRead.MoveToImmutable());
    }

    /// <inheritdoc/>
    public async Task<EntriesPage> GetEntries(Actor actor, int after, int limit, long? version)
    {
        await ReadyToReadAsync(actor);
        PageLimits.Of(limit);
        var state = version is { } past ? await PastAsync(past) : State;
        return PageOf(state, after, limit);
    }

    /// <inheritdoc/>
    public async Task<ForkContent> ReadForFork(Actor actor, long? version)
    {
        await ReadyToReadAsync(actor);
        var state = version is { } past ? await PastAsync(past) : State;
        return new ForkContent(
            state.Version, state.Details.Name, state.Details.Description,
            [.. state.Entries.After(EntryList.Start).Select(static entry => entry.TrackId)]);
    }

    /// <inheritdoc/>
    public async Task<CatchUp> CatchUp(Actor actor, long? sinceVersion)
    {
        await ReadyToReadAsync(actor);
        var state = State;
        if (sinceVersion is not { } since || since < 1 || since > state.Version
            || state.Version - since > PlaylistLimits.ChangesMax)
        {
            return new CatchUp(
                Missing: null,
                new PlaylistSnapshot(ViewFor(actor), PageOf(state, EntryList.Start, PageLimits.Max)));
        }

        var commands = await ReadingAsync(async () => await _journal.ReadAsync(since + 1, state.Version).ToListAsync());
        if (commands.Count == 0)
        {
            return new CatchUp(new PlaylistChanges(_id, state.Versions, []), Snapshot: null);
        }

        // A client that stands amid a command's versions gets the rest of them.
        var changes = PlaylistChangesMapping.ChangesOf(_id, [.. commands]);
        return new CatchUp(
            changes with { Changes = changes.Changes.RemoveAll(change => change.Version <= since) }, Snapshot: null);
    }

    /// <inheritdoc/>
    public async Task<HistoryPage> GetHistory(Actor actor, long? before, int limit)
    {
        await ReadyToReadAsync(actor);
        PageLimits.Of(limit);
        return await ReadingAsync(() => HistoryPageAsync(before, limit));
    }

    /// <inheritdoc/>
    public async Task<PlaylistDiff> GetDiff(Actor actor, long from, long to)
    {
        await ReadyToReadAsync(actor);
        return PlaylistComparison.Diff(await PastAsync(from), await PastAsync(to));
    }

    /// <inheritdoc/>
    public async Task<Page<CollaboratorView>> GetCollaborators(Actor actor, Guid? after, int limit)
    {
        await ReadyToReadAsync(actor);
        PlaylistAccess.Require(State, actor, PlaylistCapabilities.ReadCollaborators);
        var rest = State.Collaborators.Values
            .Where(collaborator => after is null || collaborator.User.CompareTo(after.Value) > 0)
            .OrderBy(static collaborator => collaborator.User)
            .Select(static collaborator =>
                new CollaboratorView(collaborator.User, collaborator.Role, collaborator.Since));
        return Paged(rest, limit, static last => last.UserId.ToString("D"));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<InviteView>> GetInvites(Actor actor)
    {
        await ReadyToReadAsync(actor);
        PlaylistAccess.Require(State, actor, PlaylistCapabilities.ManageCollaborators);
        var now = _clock.GetUtcNow();
        return
        [
            .. State.Invites.Values.Where(invite => invite.IsUsable(now))
                .OrderBy(static invite => invite.Id)
                .Select(ViewOf),
        ];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<JoinRequestView>> GetJoinRequests(Actor actor)
    {
        await ReadyToReadAsync(actor);
        PlaylistAccess.Require(State, actor, PlaylistCapabilities.ManageCollaborators);
        return [.. State.JoinRequests.Values
            .OrderBy(static request => request.RequestedAt)
            .Select(static request => new JoinRequestView(request.User, request.Role, request.RequestedAt))];
    }

    /// <inheritdoc/>
    public async Task<Page<SuggestionView>> GetSuggestions(Actor actor, int? after, int limit)
    {
        await ReadyToReadAsync(actor);
        var granted = PlaylistAccess.Require(State, actor, PlaylistCapabilities.Suggest);
        var all = granted.HasFlag(PlaylistCapabilities.ResolveSuggestions);
        var rest = State.Suggestions.Values
            .Where(suggestion => suggestion.Id > (after ?? 0) && (all || suggestion.SuggestedBy == actor.UserId))
            .Select(static suggestion => new SuggestionView(
                suggestion.Id, suggestion.Tracks, suggestion.After, suggestion.SuggestedBy, suggestion.SuggestedAt));
        return Paged(rest, limit, static last => last.SuggestionId.ToString("D"));
    }

    private static Page<T> Paged<T>(IEnumerable<T> rest, int limit, Func<T, string> cursorOf)
    {
        var items = rest.Take(PageLimits.Of(limit) + 1).ToImmutableArray();
        return items.Length <= limit
            ? new Page<T>(items, NextCursor: null)
            : new Page<T>(items[..limit], cursorOf(items[limit - 1]));
    }

    private async Task<HistoryPage> HistoryPageAsync(long? before, int limit)
    {
        var items = ImmutableArray.CreateBuilder<HistoryItem>();
        var newest = Math.Min((before ?? long.MaxValue) - 1, State.Version);
        await foreach (var command in _journal.ReadBackwardsAsync(newest))
        {
            if (command.Record.Events is [OperationNoted])
            {
                continue;
            }

            if (items.Count == limit)
            {
                return new HistoryPage(items.ToImmutable(), items[^1].FirstVersion);
            }

            items.Add(PlaylistChangesMapping.HistoryOf(command));
        }

        return new HistoryPage(items.ToImmutable(), NextBefore: null);
    }

    private static EntriesPage PageOf(PlaylistState state, int after, int limit)
    {
        var start = Placement.Behind(state.Entries, after).After;
        var entries = ImmutableArray.CreateBuilder<EntryView>(Math.Min(limit, state.Entries.Count));
        var hasMore = false;
        foreach (var entry in state.Entries.After(start))
        {
            if (entries.Count == limit)
            {
                hasMore = true;
                break;
            }

            entries.Add(entry);
        }

        int? nextAfter = hasMore ? entries[^1].EntryId : null;
        return new EntriesPage(entries.DrainToImmutable(), nextAfter, state.Entries.Count, state.Versions);
    }

    private static InviteView ViewOf(Invite invite) => new(
        invite.Id, Token: null, invite.Role, invite.ExpiresAt, invite.UsesMax, invite.Uses, invite.Approval,
        invite.CreatedBy, invite.CreatedAt);

    private PlaylistView ViewFor(Actor actor)
    {
        var (state, details) = (State, State.Details);
        return new PlaylistView(
            _id, details.Name, details.Description, details.Visibility, details.Duplicates, details.CreatedBy,
            details.CreatedAt, state.ChangedAt, state.Entries.Count, state.Versions,
            PlaylistAccess.RoleOf(state, actor), PlaylistAccess.Of(state, actor), details.ForkedFrom);
    }

    private async ValueTask<PlaylistState> PastAsync(long version) =>
        version >= 1 && version <= State.Version
            ? await StateAtAsync(version)
            : throw IndiiException.Invalid($"There is no version {version}; the playlist has 1 to {State.Version}.");

    private Task<PlaylistState> StateAtAsync(long version) =>
        ReadingAsync(async () => await _journal.StateAtAsync(version));

    // What is active goes on being read when the store does not answer; what needs the store says so.
    private static async Task<T> ReadingAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (EventStoreUnavailableException e)
        {
            throw new IndiiException(ErrorCode.StorageUnavailable, "Storage does not answer; try again later.", e);
        }
    }
}
