using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// The rules for entries and details: pure functions from a state, a command and a time to events, or to an
/// <see cref="IndiiException"/>.
/// </summary>
internal static class PlaylistDecisions
{
    private static readonly ImmutableArray<int> NoEntries = [];

    /// <summary>A new playlist with its first entries.</summary>
    public static Decision Create(
        PlaylistState state, Actor actor, CreatePlaylist playlist, ForkOrigin? forkedFrom, DateTimeOffset now)
    {
        actor.RequireUser();
        if (!actor.Permissions.HasFlag(Permissions.WritePlaylists))
        {
            throw IndiiException.Forbidden("The access token does not allow to create playlists.");
        }

        if (state.Version > 0)
        {
            throw new IndiiException(ErrorCode.AlreadyExists, "There is a playlist with this id already.");
        }

        var draft = new PlaylistDraft(state, actor, now);
        draft.Add(new PlaylistCreated(
            CheckedName(playlist.Name),
            CheckedDescription(playlist.Description ?? ""),
            playlist.Visibility,
            playlist.Duplicates,
            forkedFrom));
        var tracks = playlist.TrackIds.IsDefault ? [] : playlist.TrackIds;
        RequireRoom(draft, tracks.Length);
        var duplicates = RequireNoDuplicates(draft, tracks);
        var added = draft.AddEntries(tracks.AsSpan(), Placement.End(draft.Entries), draft.User);
        return draft.Finish(new OperationResult(
            OperationOutcome.Applied, added, NoEntries, DuplicateTrackIds: duplicates));
    }

    /// <summary>All operations of a command, or none.</summary>
    public static Decision Execute(PlaylistState state, Actor actor, PlaylistCommand command, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.Read);
        actor.RequireUser();
        RequireCount(command.Operations.Length, PlaylistLimits.OperationsPerCommandMax, "operations in a command");
        RequireVersions(state, command.IfContentVersion, command.IfDetailsVersion);
        var draft = new PlaylistDraft(state, actor, now);
        var results = ImmutableArray.CreateBuilder<OperationResult>(command.Operations.Length);
        foreach (var operation in command.Operations)
        {
            results.Add(operation switch
            {
                AppendTracks append => Add(draft, append.TrackIds, after: null),
                InsertTracks insert => Add(draft, insert.TrackIds, insert.After),
                MoveEntries move => Move(draft, move),
                RemoveEntries remove => Remove(draft, remove),
                SetDetails set => SetDetails(draft, set),
                _ => throw IndiiException.Invalid($"There is no operation of the kind {operation.GetType().Name}."),
            });
        }

        return draft.Finish(results.MoveToImmutable());
    }

    /// <summary>The end of a playlist.</summary>
    public static Decision Delete(PlaylistState state, Actor actor, long? ifDetailsVersion, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.Delete);
        RequireVersions(state, ifContentVersion: null, ifDetailsVersion);
        var draft = new PlaylistDraft(state, actor, now);
        draft.Add(new PlaylistDeleted());
        return draft.Finish();
    }

    /// <summary>Fails with <c>version_mismatch</c> unless the versions asked for are the present ones.</summary>
    public static void RequireVersions(PlaylistState state, long? ifContentVersion, long? ifDetailsVersion)
    {
        if (ifContentVersion is { } content && content != state.ContentVersion)
        {
            throw new IndiiException(
                ErrorCode.VersionMismatch, $"The entries are at version {state.ContentVersion}, not {content}.");
        }

        if (ifDetailsVersion is { } details && details != state.DetailsVersion)
        {
            throw new IndiiException(
                ErrorCode.VersionMismatch, $"The details are at version {state.DetailsVersion}, not {details}.");
        }
    }

    /// <summary>Fails with <c>limit_exceeded</c> when the list would grow beyond its bound.</summary>
    public static void RequireRoom(PlaylistDraft draft, int more)
    {
        if (draft.Entries.Count + more > PlaylistLimits.EntriesMax)
        {
            throw Limit(PlaylistLimits.EntriesMax, "entries in a playlist");
        }
    }

    /// <summary>
    /// Asks the duplicate policy about tracks to be added: fails with <c>duplicate_track</c>, or names the duplicates
    /// where the policy is to warn.
    /// </summary>
    public static ImmutableArray<Guid> RequireNoDuplicates(PlaylistDraft draft, ImmutableArray<Guid> tracks)
    {
        if (draft.State.TrackCounts is not { } counts)
        {
            return [];
        }

        var seen = new HashSet<Guid>();
        var duplicates = tracks.Where(track => !seen.Add(track) || counts.ContainsKey(track))
            .Distinct()
            .ToImmutableArray();
        if (duplicates.Length > 0 && draft.State.Details.Duplicates == DuplicatePolicy.Reject)
        {
            throw new IndiiException(
                ErrorCode.DuplicateTrack,
                $"The playlist refuses duplicates and would hold {duplicates.Length} track(s) twice; "
                + $"the first is {duplicates[0]}.");
        }

        return duplicates;
    }

    /// <summary>Fails with <c>forbidden</c> when the actor may only change own entries and these are others'.</summary>
    public static void RequireMayChange(PlaylistDraft draft, IEnumerable<EntryNode> nodes)
    {
        var granted = PlaylistAccess.Require(draft.State, draft.Actor, PlaylistCapabilities.EditOwnEntries);
        if (granted.HasFlag(PlaylistCapabilities.EditEntries))
        {
            return;
        }

        foreach (var node in nodes)
        {
            if (node.Entry.AddedBy != draft.User)
            {
                throw IndiiException.Forbidden(
                    $"You may change the entries that you added; entry {node.Entry.EntryId} is somebody else's.");
            }
        }
    }

    /// <summary>An error that names the limit.</summary>
    public static IndiiException Limit(int max, string what) =>
        new(ErrorCode.LimitExceeded, $"The limit is {max:N0} {what}.");

    private static OperationResult Add(PlaylistDraft draft, ImmutableArray<Guid> tracks, int? after)
    {
        RequireCount(tracks.Length, PlaylistLimits.ItemsPerOperationMax, "tracks in an operation");
        var placement = after is { } anchor ? Placement.Behind(draft.Entries, anchor) : Placement.End(draft.Entries);
        var granted = PlaylistAccess.Of(draft.State, draft.Actor);
        if (!granted.HasFlag(PlaylistCapabilities.Add) && granted.HasFlag(PlaylistCapabilities.Suggest))
        {
            return Suggest(draft, tracks, after);
        }

        PlaylistAccess.Require(draft.State, draft.Actor, PlaylistCapabilities.Add);
        RequireRoom(draft, tracks.Length);
        var duplicates = RequireNoDuplicates(draft, tracks);
        var added = draft.AddEntries(tracks.AsSpan(), placement, draft.User);
        return new OperationResult(placement.Outcome, added, NoEntries, DuplicateTrackIds: duplicates);
    }

    private static OperationResult Suggest(PlaylistDraft draft, ImmutableArray<Guid> tracks, int? after)
    {
        if (draft.State.Suggestions.Count >= PlaylistLimits.SuggestionsMax)
        {
            throw Limit(PlaylistLimits.SuggestionsMax, "suggestions that wait for an answer");
        }

        var id = draft.State.NextSuggestionId;
        draft.Add(new SuggestionMade(id, tracks, after));
        return new OperationResult(OperationOutcome.Suggested, NoEntries, NoEntries, id, []);
    }

    private static OperationResult Move(PlaylistDraft draft, MoveEntries move)
    {
        var (present, gone) = Split(draft, move.EntryIds);
        RequireMayChange(draft, present);
        var anchor = Placement.Behind(draft.Entries, move.After);
        if (present.Count == 0)
        {
            return new OperationResult(OperationOutcome.Skipped, NoEntries, gone, DuplicateTrackIds: []);
        }

        if (move.EntryIds.Contains(move.After))
        {
            throw IndiiException.Invalid($"Entry {move.After} cannot be moved after itself.");
        }

        present.Sort(static (a, b) => a.Label.CompareTo(b.Label));
        var entryIds = present.Select(static node => node.Entry.EntryId).ToImmutableArray();
        var moved = MoveTo(draft, entryIds, anchor);
        return new OperationResult(
            moved ? anchor.Outcome : OperationOutcome.Noop, entryIds, gone, DuplicateTrackIds: []);
    }

    /// <summary>Moves present entries in this order after a placement; false when they stand there already.</summary>
    public static bool MoveTo(PlaylistDraft draft, ImmutableArray<int> entryIds, Placement placement)
    {
        var moving = entryIds.Length == 1 ? null : entryIds.ToHashSet();
        var after = placement.After;
        while (after != EntryList.Start && (moving?.Contains(after) ?? after == entryIds[0]))
        {
            after = draft.Entries.PresentBefore(after);
        }

        if (Follow(draft.Entries, after, entryIds))
        {
            return false;
        }

        var place = placement.Place == placement.After ? after : placement.Place;
        draft.Add(new EntriesMoved(entryIds, after, place == after ? null : place));
        return true;
    }

    private static bool Follow(EntryList entries, int after, ImmutableArray<int> entryIds)
    {
        foreach (var entryId in entryIds)
        {
            if (entries.PresentBefore(entryId) != after)
            {
                return false;
            }

            after = entryId;
        }

        return true;
    }

    private static OperationResult Remove(PlaylistDraft draft, RemoveEntries remove)
    {
        var (present, gone) = Split(draft, remove.EntryIds);
        RequireMayChange(draft, present);
        if (present.Count == 0)
        {
            return new OperationResult(OperationOutcome.Noop, NoEntries, gone, DuplicateTrackIds: []);
        }

        var entryIds = present.Select(static node => node.Entry.EntryId).ToImmutableArray();
        draft.Add(new EntriesRemoved(entryIds));
        return new OperationResult(OperationOutcome.Applied, entryIds, gone, DuplicateTrackIds: []);
    }

    private static OperationResult SetDetails(PlaylistDraft draft, SetDetails set)
    {
        const PlaylistCapabilities nothing = PlaylistCapabilities.None;
        var needed = (set.Name is null && set.Description is null ? nothing : PlaylistCapabilities.EditDetails)
            | (set.Visibility is null && set.Duplicates is null ? nothing : PlaylistCapabilities.EditSettings);
        if (needed == nothing)
        {
            throw IndiiException.Invalid("Name at least one detail to change.");
        }

        if (!MayHide(draft, set))
        {
            PlaylistAccess.Require(draft.State, draft.Actor, needed);
        }

        var details = draft.State.Details;
        var name = set.Name is null ? null : CheckedName(set.Name);
        var description = set.Description is null ? null : CheckedDescription(set.Description);
        var changed = new DetailsChanged(
            name == details.Name ? null : name,
            description == details.Description ? null : description,
            set.Visibility == details.Visibility ? null : set.Visibility,
            set.Duplicates == details.Duplicates ? null : set.Duplicates);
        if (changed is { Name: null, Description: null, Visibility: null, Duplicates: null })
        {
            return new OperationResult(OperationOutcome.Noop, NoEntries, NoEntries, DuplicateTrackIds: []);
        }

        draft.Add(changed);
        return new OperationResult(OperationOutcome.Applied, NoEntries, NoEntries, DuplicateTrackIds: []);
    }

    private static bool MayHide(PlaylistDraft draft, SetDetails set) =>
        set == new SetDetails(Visibility: PlaylistVisibility.Private)
        && PlaylistAccess.Of(draft.State, draft.Actor).HasFlag(PlaylistCapabilities.Hide);

    private static (List<EntryNode> Present, ImmutableArray<int> Gone) Split(
        PlaylistDraft draft, ImmutableArray<int> entryIds)
    {
        RequireCount(entryIds.Length, PlaylistLimits.ItemsPerOperationMax, "entries in an operation");
        PlaylistAccess.Require(draft.State, draft.Actor, PlaylistCapabilities.EditOwnEntries);
        var present = new List<EntryNode>(entryIds.Length);
        var gone = ImmutableArray.CreateBuilder<int>();
        foreach (var entryId in entryIds.Length == 1 ? entryIds : entryIds.Distinct())
        {
            if (!draft.Entries.EverHeld(entryId))
            {
                throw new IndiiException(ErrorCode.UnknownEntry, $"This playlist never held an entry {entryId}.");
            }

            if (draft.Entries.FindPresent(entryId) is { } node)
            {
                present.Add(node);
            }
            else
            {
                gone.Add(entryId);
            }
        }

        return (present, gone.ToImmutable());
    }

    private static void RequireCount(int count, int max, string what)
    {
        if (count == 0)
        {
            throw IndiiException.Invalid($"There must be at least one of the {what}.");
        }

        if (count > max)
        {
            throw Limit(max, what);
        }
    }

    private static string CheckedName(string name)
    {
        name = name.Trim();
        if (name.Length == 0)
        {
            throw IndiiException.Invalid("The name is empty.");
        }

        return name.Length <= PlaylistLimits.NameCharactersMax
            ? name
            : throw Limit(PlaylistLimits.NameCharactersMax, "characters in a name");
    }

    private static string CheckedDescription(string description) =>
        description.Length <= PlaylistLimits.DescriptionCharactersMax
            ? description
            : throw Limit(PlaylistLimits.DescriptionCharactersMax, "characters in a description");
}
