using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// A playlist at one version, immutable. It changes by <see cref="Apply"/> alone, so that replaying the events from the
/// first one, or from any snapshot, gives the same state.
/// </summary>
internal sealed record PlaylistState
{
    /// <summary>A playlist that was never created.</summary>
    public static readonly PlaylistState None = new();

    public long Version { get; init; }

    public long ContentVersion { get; init; }

    public long DetailsVersion { get; init; }

    public PlaylistDetails Details { get; init; } = PlaylistDetails.None;

    public bool IsDeleted { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public EntryList Entries { get; init; } = EntryList.Empty;

    /// <summary>How often each track is in the list; kept only where the duplicate policy asks for it.</summary>
    public ImmutableDictionary<Guid, int>? TrackCounts { get; init; }

    public ImmutableDictionary<Guid, Collaborator> Collaborators { get; init; } =
        ImmutableDictionary<Guid, Collaborator>.Empty;

    public ImmutableDictionary<int, Invite> Invites { get; init; } = ImmutableDictionary<int, Invite>.Empty;

    public ImmutableDictionary<Guid, JoinRequest> JoinRequests { get; init; } =
        ImmutableDictionary<Guid, JoinRequest>.Empty;

    public ImmutableSortedDictionary<int, Suggestion> Suggestions { get; init; } =
        ImmutableSortedDictionary<int, Suggestion>.Empty;

    public int NextInviteId { get; init; } = 1;

    public int NextSuggestionId { get; init; } = 1;

    public bool Exists => Version > 0 && !IsDeleted;

    public PlaylistVersions Versions => new(Version, ContentVersion, DetailsVersion);

    /// <summary>The state after one more event.</summary>
    public PlaylistState Apply(PlaylistEvent happened, EventContext context)
    {
        var version = Version + 1;
        var state = this with { Version = version, ChangedAt = context.At };
        return happened switch
        {
            PlaylistCreated created => state.Created(created, context),
            DetailsChanged changed => state.WithDetails(changed),
            PlaylistDeleted => state with { IsDeleted = true, DetailsVersion = version, ContentVersion = version },
            EntriesAdded added => state.WithAdded(added, context),
            EntriesMoved moved => state.WithMoved(moved),
            EntriesRemoved removed => state.WithRemoved(removed),
            EntriesRestored restored => state.WithRestored(restored),
            OperationNoted => state,
            CollaboratorSet set => state.WithRole(set.User, set.Role, context),
            CollaboratorRemoved removed => state with { Collaborators = state.Collaborators.Remove(removed.User) },
            InviteCreated created => state.WithInvite(created, context),
            InviteRevoked revoked => state with { Invites = state.Invites.Remove(revoked.Id) },
            InviteUsed used => state.WithInviteUsed(used.Id).WithRole(used.User, used.Role, context),
            JoinRequested requested => state.WithInviteUsed(requested.Invite) with
            {
                JoinRequests = state.JoinRequests.SetItem(
                    requested.User, new JoinRequest(requested.User, requested.Role, context.At)),
            },
            JoinRequestResolved resolved => (state with { JoinRequests = state.JoinRequests.Remove(resolved.User) })
                .WithRoleIf(resolved.Approved, resolved.User, resolved.Role, context),
            SuggestionMade made => state with
            {
                NextSuggestionId = Math.Max(state.NextSuggestionId, made.Id + 1),
                Suggestions = state.Suggestions.SetItem(
                    made.Id, new Suggestion(made.Id, made.Tracks, made.After, context.User, context.At)),
            },
            SuggestionResolved resolved => state with { Suggestions = state.Suggestions.Remove(resolved.Id) },
            _ => throw new InvalidOperationException($"No rule says what {happened.GetType().Name} changes."),
        };
    }

    /// <summary>Builds what the duplicate policy needs to know, after a snapshot was read.</summary>
    public PlaylistState WithTrackCounts() => this with
    {
        TrackCounts = Details.Duplicates == DuplicatePolicy.Allow
            ? null
            : Entries.After(EntryList.Start)
                .GroupBy(entry => entry.TrackId)
                .ToImmutableDictionary(tracks => tracks.Key, tracks => tracks.Count()),
    };

    private PlaylistState Created(PlaylistCreated created, EventContext context) => (this with
    {
        DetailsVersion = Version,
        ContentVersion = Version,
        Details = new PlaylistDetails(
            created.Name, created.Description, created.Visibility, created.Duplicates,
            context.User, context.At, created.ForkedFrom),
    }).WithRole(context.User, PlaylistRole.Owner, context).WithTrackCounts();

    private PlaylistState WithDetails(DetailsChanged changed)
    {
        var state = this with
        {
            DetailsVersion = Version,
            Details = Details with
            {
                Name = changed.Name ?? Details.Name,
                Description = changed.Description ?? Details.Description,
                Visibility = changed.Visibility ?? Details.Visibility,
                Duplicates = changed.Duplicates ?? Details.Duplicates,
            },
        };
        return state.Details.Duplicates == Details.Duplicates ? state : state.WithTrackCounts();
    }

    private PlaylistState WithAdded(EntriesAdded added, EventContext context)
    {
        var editor = Entries.Edit();
        var place = added.Place ?? added.After;
        var entryId = added.First;
        foreach (var track in added.Tracks)
        {
            editor.Insert(place, new EntryView(entryId, track, added.AddedBy ?? context.User, context.At), Version);
            place = entryId++;
        }

        return WithEntries(editor) with { TrackCounts = Counted(added.Tracks, +1) };
    }

    private PlaylistState WithMoved(EntriesMoved moved)
    {
        var editor = Entries.Edit();
        var place = moved.Place ?? moved.After;
        for (var i = 0; i < moved.Entries.Length; i++)
        {
            editor.Move(moved.Entries[i], place, moved.Placed?[i] ?? Version);
            place = moved.Entries[i];
        }

        return WithEntries(editor);
    }

    private PlaylistState WithRemoved(EntriesRemoved removed)
    {
        var editor = Entries.Edit();
        foreach (var entryId in removed.Entries)
        {
            editor.Remove(entryId, Version);
        }

        editor.ForgetOldRemovals(PlaylistLimits.RememberedRemovalsMin);
        return WithEntries(editor) with
        {
            TrackCounts = TrackCounts is null
                ? null
                : Counted(removed.Entries.Select(id => Entries.Find(id)!.Entry.TrackId), -1),
        };
    }

    private PlaylistState WithRestored(EntriesRestored restored)
    {
        var editor = Entries.Edit();
        foreach (var entry in restored.Entries)
        {
            if (entry.InPlace)
            {
                editor.Restore(entry.Id);
            }
            else
            {
                editor.Insert(
                    entry.After, new EntryView(entry.Id, entry.Track, entry.AddedBy, entry.AddedAt), Version);
            }
        }

        return WithEntries(editor) with
        {
            TrackCounts = Counted(restored.Entries.Select(static entry => entry.Track), +1),
        };
    }

    private PlaylistState WithEntries(EntryListEditor editor) =>
        this with { Entries = editor.ToImmutable(), ContentVersion = Version };

    private ImmutableDictionary<Guid, int>? Counted(IEnumerable<Guid> tracks, int change)
    {
        if (TrackCounts is null)
        {
            return null;
        }

        var counts = TrackCounts.ToBuilder();
        foreach (var track in tracks)
        {
            var count = counts.GetValueOrDefault(track) + change;
            if (count > 0)
            {
                counts[track] = count;
            }
            else
            {
                counts.Remove(track);
            }
        }

        return counts.ToImmutable();
    }

    private PlaylistState WithRole(Guid user, PlaylistRole role, EventContext context) => this with
    {
        JoinRequests = JoinRequests.Remove(user),
        Collaborators = Collaborators.SetItem(
            user, new Collaborator(user, role, Collaborators.GetValueOrDefault(user)?.Since ?? context.At)),
    };

    private PlaylistState WithRoleIf(bool condition, Guid user, PlaylistRole role, EventContext context) =>
        condition ? WithRole(user, role, context) : this;

    private PlaylistState WithInvite(InviteCreated created, EventContext context) => this with
    {
        NextInviteId = Math.Max(NextInviteId, created.Id + 1),
        Invites = Invites.SetItem(created.Id, new Invite(
            created.Id, created.SecretHash, created.Role, created.ExpiresAt, created.UsesMax, created.Approval,
            Uses: 0, context.User, context.At)),
    };

    private PlaylistState WithInviteUsed(int id) => Invites.TryGetValue(id, out var invite)
        ? this with { Invites = Invites.SetItem(id, invite with { Uses = invite.Uses + 1 }) }
        : this;
}

/// <summary>What an event needs to know of the command that it belongs to.</summary>
/// <param name="At">When it was decided, UTC, whole milliseconds.</param>
/// <param name="By">Who asked; null where the platform itself did.</param>
internal readonly record struct EventContext(DateTimeOffset At, Guid? By)
{
    /// <summary>Who asked, or the empty id where the platform itself did.</summary>
    public Guid User => By ?? Guid.Empty;
}

/// <summary>What a playlist is, apart from its entries.</summary>
internal sealed record PlaylistDetails(
    string Name,
    string Description,
    PlaylistVisibility Visibility,
    DuplicatePolicy Duplicates,
    Guid CreatedBy,
    DateTimeOffset CreatedAt,
    ForkOrigin? ForkedFrom)
{
    public static readonly PlaylistDetails None =
        new("", "", PlaylistVisibility.Private, DuplicatePolicy.Allow, Guid.Empty, default, ForkedFrom: null);
}

/// <summary>A user with a role.</summary>
internal sealed record Collaborator(Guid User, PlaylistRole Role, DateTimeOffset Since);

/// <summary>An invite that was not withdrawn.</summary>
internal sealed record Invite(
    int Id,
    string SecretHash,
    PlaylistRole Role,
    DateTimeOffset? ExpiresAt,
    int? UsesMax,
    bool Approval,
    int Uses,
    Guid CreatedBy,
    DateTimeOffset CreatedAt)
{
    public bool IsUsable(DateTimeOffset now) =>
        (ExpiresAt is null || now < ExpiresAt) && (UsesMax is null || Uses < UsesMax);
}

/// <summary>A user who waits to be let in.</summary>
internal sealed record JoinRequest(Guid User, PlaylistRole Role, DateTimeOffset RequestedAt);

/// <summary>Tracks that somebody proposed.</summary>
internal sealed record Suggestion(
    int Id, ImmutableArray<Guid> Tracks, int? After, Guid SuggestedBy, DateTimeOffset SuggestedAt);
