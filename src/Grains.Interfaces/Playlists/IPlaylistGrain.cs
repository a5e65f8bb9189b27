using System.Collections.Immutable;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>
/// One playlist and the only writer of its history. Every method fails with <c>not_found</c> when the playlist does
/// not exist or the caller may not know of it, with <c>forbidden</c> when the caller's role does not suffice, and with
/// <c>storage_unavailable</c> or <c>write_conflict</c> when nothing was acknowledged and the call may be sent again.
/// </summary>
[Alias("indii.playlists.playlist-grain")]
public interface IPlaylistGrain : IGrainWithGuidKey
{
    /// <summary>Creates it for the caller, who becomes its owner; <c>already_exists</c> when it is there.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Create")]
    Task<PlaylistView> Create(Actor actor, CreatePlaylist playlist);

    /// <summary>Creates it as a copy of another playlist that the caller may read.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("CreateFork")]
    Task<PlaylistView> CreateFork(Actor actor, ForkPlaylist fork);

    /// <summary>What a fork of a version takes over.</summary>
    [SafeToRepeat]
    [Alias("ReadForFork")]
    Task<ForkContent> ReadForFork(Actor actor, long? version);

    /// <summary>The playlist as the caller sees it.</summary>
    [SafeToRepeat]
    [Alias("Get")]
    Task<PlaylistView> Get(Actor actor);

    /// <summary>Its versions, if the caller may read it: the cheapest question there is.</summary>
    [SafeToRepeat]
    [Alias("GetVersions")]
    Task<PlaylistVersions> GetVersions(Actor actor);

    /// <summary>
    /// Its versions, and which of some actors may read it: one question for all who ask at the same moment. It never
    /// fails with <c>not_found</c>.
    /// </summary>
    /// <param name="actors">At most <see cref="ReadAccess.ActorsMax"/>.</param>
    [SafeToRepeat]
    [Alias("GetReadAccess")]
    Task<ReadAccess> GetReadAccess(ImmutableArray<Actor> actors);

    /// <summary>A page of entries.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="after">
    /// The entry that the page begins after; <see cref="PlaylistOperation.Start"/> for the first.
    /// </param>
    /// <param name="limit">Entries at most, 1 to <see cref="PageLimits.Max"/>.</param>
    /// <param name="version">A past version to read; null for the present one.</param>
    [SafeToRepeat]
    [Alias("GetEntries")]
    Task<EntriesPage> GetEntries(Actor actor, int after, int limit, long? version);

    /// <summary>Applies operations, all or none. Answers when they are durable.</summary>
    [SafeToRepeat]
    [Alias("Execute")]
    Task<CommandResult> Execute(Actor actor, PlaylistCommand command);

    /// <summary>
    /// Merges a whole list; <c>unknown_base_version</c> when its base never was. The result holds the removed, moved
    /// and added entries as three operations.
    /// </summary>
    [SafeToRepeat]
    [Alias("ReplaceEntries")]
    Task<CommandResult> ReplaceEntries(Actor actor, ReplaceEntries command);

    /// <summary>Takes back one operation; <c>not_undoable</c> when it is too old or has no inverse.</summary>
    [SafeToRepeat]
    [Alias("Undo")]
    Task<CommandResult> Undo(Actor actor, UndoOperation command);

    /// <summary>Brings back a version's entries, name and description.</summary>
    [SafeToRepeat]
    [Alias("RevertToVersion")]
    Task<CommandResult> RevertToVersion(Actor actor, RevertToVersion command);

    /// <summary>Takes back all that one user did since a time.</summary>
    [SafeToRepeat]
    [Alias("RevertUser")]
    Task<CommandResult> RevertUser(Actor actor, RevertUser command);

    /// <summary>Deletes it. Its history stays in the store; nobody reads it through this interface.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Delete")]
    Task Delete(Actor actor, long? ifDetailsVersion);

    /// <summary>
    /// What came after a version, or a snapshot when that is over <see cref="PlaylistLimits.ChangesMax"/> back.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="sinceVersion">The version that the caller has; null for none, which gives a snapshot.</param>
    [SafeToRepeat]
    [Alias("CatchUp")]
    Task<CatchUp> CatchUp(Actor actor, long? sinceVersion);

    /// <summary>The timeline, newest first, of commands that began before a version (null: all).</summary>
    [SafeToRepeat]
    [Alias("GetHistory")]
    Task<HistoryPage> GetHistory(Actor actor, long? before, int limit);

    /// <summary>How two versions differ.</summary>
    [SafeToRepeat]
    [Alias("GetDiff")]
    Task<PlaylistDiff> GetDiff(Actor actor, long from, long to);

    /// <summary>Who has a role, by user id.</summary>
    [SafeToRepeat]
    [Alias("GetCollaborators")]
    Task<Page<CollaboratorView>> GetCollaborators(Actor actor, Guid? after, int limit);

    /// <summary>Gives a user a role; <c>last_owner</c> when no owner would be left.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("SetCollaborator")]
    Task<CollaboratorView> SetCollaborator(Actor actor, Guid userId, PlaylistRole role);

    /// <summary>
    /// Takes a user's role away; everybody may leave by themselves. The entries that the user added stay unless
    /// <paramref name="removeEntries"/> is set.
    /// </summary>
    [Alias("RemoveCollaborator")]
    Task RemoveCollaborator(Actor actor, Guid userId, bool removeEntries);

    /// <summary>Makes an invite. Its token is in this answer only; the playlist keeps a hash of it.</summary>
    [Alias("CreateInvite")]
    Task<InviteView> CreateInvite(Actor actor, CreateInvite invite);

    /// <summary>Invites that can still be used.</summary>
    [SafeToRepeat]
    [Alias("GetInvites")]
    Task<ImmutableArray<InviteView>> GetInvites(Actor actor);

    /// <summary>Withdraws an invite; one that is not there is no error.</summary>
    [Alias("RevokeInvite")]
    Task RevokeInvite(Actor actor, int inviteId);

    /// <summary>
    /// Lets the caller in by an invite's token, or puts the caller on the list of those who wait. Accepting again, or
    /// with a role at least as high, changes nothing. <c>invite_unusable</c> when it is unknown, expired or used up.
    /// </summary>
    [Alias("AcceptInvite")]
    Task<InviteAcceptance> AcceptInvite(Actor actor, string token);

    /// <summary>Users who wait to be let in.</summary>
    [SafeToRepeat]
    [Alias("GetJoinRequests")]
    Task<ImmutableArray<JoinRequestView>> GetJoinRequests(Actor actor);

    /// <summary>Lets a waiting user in, or not.</summary>
    [Alias("ResolveJoinRequest")]
    Task ResolveJoinRequest(Actor actor, Guid userId, bool approve);

    /// <summary>Suggestions that wait for an answer, oldest first. Suggesters see their own.</summary>
    [SafeToRepeat]
    [Alias("GetSuggestions")]
    Task<Page<SuggestionView>> GetSuggestions(Actor actor, int? after, int limit);

    /// <summary>
    /// Adds what was suggested, in the suggester's name, or declines it. Suggesters may withdraw their own.
    /// </summary>
    [ResponseTimeout("00:00:30")]
    [Alias("ResolveSuggestion")]
    Task<CommandResult> ResolveSuggestion(Actor actor, int suggestionId, bool approve);

    /// <summary>
    /// Tells an observer of every change from now on, for <see cref="ObserverLease.Lifetime"/>; again before that runs
    /// out to renew it. One observer per gateway process, not per client: the gateway asks for access itself.
    /// </summary>
    [SafeToRepeat]
    [Alias("Subscribe")]
    Task<ObserverLease> Subscribe(IPlaylistObserver observer);

    /// <summary>Ends a subscription.</summary>
    [SafeToRepeat]
    [Alias("Unsubscribe")]
    Task Unsubscribe(IPlaylistObserver observer);
}

/// <summary>A gateway process that fans changes out to its clients. Calls must only enqueue.</summary>
[Alias("indii.playlists.playlist-observer")]
public interface IPlaylistObserver : IGrainObserver
{
    /// <summary>Durable changes, in order; a gap in versions means that the observer has to catch up.</summary>
    [OneWay]
    [Alias("Changed")]
    Task Changed(PlaylistChanges changes);
}

/// <summary>How long a subscription holds.</summary>
/// <param name="Versions">The versions at this moment: what comes next is told.</param>
/// <param name="Lifetime">Renew at half of it.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.observer-lease")]
public sealed record ObserverLease(
    [property: Id(0)] PlaylistVersions Versions,
    [property: Id(1)] TimeSpan Lifetime);
