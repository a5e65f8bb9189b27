using System.Collections.Immutable;
using System.Security.Cryptography;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// The shell round the rules: checks, decides on the tip, appends, and answers when that is durable. It is reentrant so
/// that commands are decided while a write is under way; between reading the tip and appending to it nothing awaits.
/// </summary>
[GrainType("playlist")]
[Reentrant]
internal sealed partial class PlaylistGrain : Grain, IPlaylistGrain
{
    private readonly PlaylistJournal _journal;
    private readonly PlaylistPublisher _publisher;
    private readonly Dictionary<IPlaylistObserver, DateTimeOffset> _observers = [];
    private readonly TimeProvider _clock;
    private readonly PlaylistOptions _options;
    private readonly ILogger _logger;
    private readonly AuditLog _audit;
    private readonly LocalPlaylists _local;
    private readonly Guid _id;
    private bool _isShownOrLeaving;

    public PlaylistGrain(
        IEventStore store,
        PlaylistOutbox outbox,
        LocalPlaylists local,
        TimeProvider clock,
        IOptions<PlaylistOptions> options,
        AuditLog audit,
        ILogger<PlaylistGrain> logger)
    {
        _id = this.GetPrimaryKey();
        _local = local;
        _clock = clock;
        _options = options.Value;
        _logger = logger;
        _audit = audit;
        var followers = this.GetStreamProvider(EventStreams.Provider)
            .GetStream<PublishedChanges>(StreamId.Create(EventStreams.Playlists, _id));
        _publisher = new PlaylistPublisher(_id, followers, outbox, logger);
        _journal = new PlaylistJournal(PlaylistDocuments.StreamOf(_id), store, logger) { Committed = OnCommitted };
    }

    private PlaylistState State => _journal.Durable;

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isShownOrLeaving = true;
        _local.Hide(_id, _journal);
        return _journal.SettleAsync().WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PlaylistView> Create(Actor actor, CreatePlaylist playlist)
    {
        await CommitAsync(actor, (state, now) =>
            PlaylistDecisions.Create(state, actor, playlist, forkedFrom: null, now));
        return ViewFor(actor);
    }

    /// <inheritdoc/>
    public async Task<PlaylistView> CreateFork(Actor actor, ForkPlaylist fork)
    {
        var source = await GrainFactory.GetGrain<IPlaylistGrain>(fork.SourceId).ReadForFork(actor, fork.Version);
        var playlist = new CreatePlaylist(
            fork.Name ?? source.Name, source.Description, PlaylistVisibility.Private, DuplicatePolicy.Allow,
            source.TrackIds);
        await CommitAsync(actor, (state, now) => PlaylistDecisions.Create(
            state, actor, playlist, new ForkOrigin(fork.SourceId, source.Version), now));
        return ViewFor(actor);
    }

    /// <inheritdoc/>
    public async Task<PlaylistView> Get(Actor actor)
    {
        await ReadyToReadAsync(actor);
        return ViewFor(actor);
    }

    /// <inheritdoc/>
    public async Task<PlaylistVersions> GetVersions(Actor actor)
    {
        await ReadyToReadAsync(actor);
        return State.Versions;
    }

    /// <inheritdoc/>
    public async Task<CommandResult> Execute(Actor actor, PlaylistCommand command) =>
        await CommitOnceAsync(actor, command.OperationId, (state, now) =>
            PlaylistDecisions.Execute(state, actor, command, now));

    /// <inheritdoc/>
    public async Task<CommandResult> ReplaceEntries(Actor actor, ReplaceEntries command)
    {
        await ReadyToReadAsync(actor);
        if (command.BaseVersion < 1 || command.BaseVersion > State.Version)
        {
            throw new IndiiException(
                ErrorCode.UnknownBaseVersion,
                $"Version {command.BaseVersion} was never read: the playlist is at version {State.Version}.");
        }

        var basis = await StateAtAsync(command.BaseVersion);
        return await CommitOnceAsync(actor, command.OperationId, (state, now) =>
            PlaylistMerge.Replace(state, basis, actor, command, now));
    }

    /// <inheritdoc/>
    public Task Delete(Actor actor, long? ifDetailsVersion) => CommitAsync(actor, (state, now) =>
        PlaylistDecisions.Delete(state, actor, ifDetailsVersion, now));

    /// <inheritdoc/>
    public async Task<CollaboratorView> SetCollaborator(Actor actor, Guid userId, PlaylistRole role)
    {
        await CommitAsync(actor, (state, now) => PlaylistAdmission.SetCollaborator(state, actor, userId, role, now));
        var collaborator = State.Collaborators[userId];
        return new CollaboratorView(userId, collaborator.Role, collaborator.Since);
    }

    /// <inheritdoc/>
    public Task RemoveCollaborator(Actor actor, Guid userId, bool removeEntries) => CommitAsync(actor, (state, now) =>
        PlaylistAdmission.RemoveCollaborator(state, actor, userId, removeEntries, now));

    /// <inheritdoc/>
    public async Task<InviteView> CreateInvite(Actor actor, CreateInvite invite)
    {
        var secret = RandomNumberGenerator.GetBytes(InviteToken.SecretBytes);
        var id = 0;
        await CommitAsync(actor, (state, now) =>
        {
            id = state.NextInviteId;
            return PlaylistAdmission.CreateInvite(state, actor, invite, secret, now);
        });
        return ViewOf(State.Invites[id]) with { Token = new InviteToken(_id, id, secret).ToString() };
    }

    /// <inheritdoc/>
    public Task RevokeInvite(Actor actor, int inviteId) => CommitAsync(actor, (state, now) =>
        PlaylistAdmission.RevokeInvite(state, actor, inviteId, now));

    /// <inheritdoc/>
    public async Task<InviteAcceptance> AcceptInvite(Actor actor, string token)
    {
        if (InviteToken.Parse(token) is not { } parsed || parsed.PlaylistId != _id)
        {
            throw new IndiiException(ErrorCode.InviteUnusable, "This invite is not known here.");
        }

        await CommitAsync(actor, (state, now) => PlaylistAdmission.AcceptInvite(state, actor, parsed, now));
        var role = PlaylistAccess.RoleOf(State, actor);
        return new InviteAcceptance(_id, role, AwaitsApproval: State.JoinRequests.ContainsKey(actor.RequireUser()));
    }

    /// <inheritdoc/>
    public Task ResolveJoinRequest(Actor actor, Guid userId, bool approve) => CommitAsync(actor, (state, now) =>
        PlaylistAdmission.ResolveJoinRequest(state, actor, userId, approve, now));

    /// <inheritdoc/>
    public async Task<CommandResult> ResolveSuggestion(Actor actor, int suggestionId, bool approve)
    {
        var decision = await CommitAsync(actor, (state, now) =>
            PlaylistAdmission.ResolveSuggestion(state, actor, suggestionId, approve, now));
        return new CommandResult(decision.After.Versions, decision.Results);
    }

    /// <inheritdoc/>
    public async Task<ObserverLease> Subscribe(IPlaylistObserver observer)
    {
        await _journal.ReadyToReadAsync();
        var lifetime = TimeSpan.FromSeconds(_options.ObserverLeaseSeconds);
        _observers[observer] = _clock.GetUtcNow() + lifetime;
        return new ObserverLease(State.Versions, lifetime);
    }

    /// <inheritdoc/>
    public Task Unsubscribe(IPlaylistObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Commits a command that carries an operation id: once. Its repetition waits until the first is durable and gets
    /// the same answer.
    /// </summary>
    private async Task<CommandResult> CommitOnceAsync(
        Actor actor, string operationId, Func<PlaylistState, DateTimeOffset, Decision> decide)
    {
        var user = actor.RequireUser();
        RequireOperationId(operationId);
        await _journal.ReadyToWriteAsync();
        RequireReadable(_journal.Tip, actor);
        if (await _journal.FindOperationAsync(user, operationId) is { } first)
        {
            return first.Answer;
        }

        var decision = await DecideAndAppendAsync(actor, operationId, decide);
        return new CommandResult(decision.After.Versions, decision.Results);
    }

    private async Task<Decision> CommitAsync(Actor actor, Func<PlaylistState, DateTimeOffset, Decision> decide)
    {
        await _journal.ReadyToWriteAsync();
        return await DecideAndAppendAsync(actor, operationId: null, decide);
    }

    private async Task<Decision> DecideAndAppendAsync(
        Actor actor, string? operationId, Func<PlaylistState, DateTimeOffset, Decision> decide)
    {
        var before = _journal.Tip;
        var decision = decide(before, Now());
        if (decision.Events.IsEmpty)
        {
            // What it relies on may still be on its way to the disk.
            await _journal.SettleAsync();
            return decision;
        }

        var record = new PlaylistCommandRecord(
            operationId, actor.UserId, actor.ClientId, decision.After.ChangedAt, decision.Events,
            decision.After.ContentVersion, decision.After.DetailsVersion,
            operationId is null ? null : [.. decision.Results.Select(OperationResultDocument.From)]);
        await _journal.AppendAsync(record, decision.After);
        PlaylistAudit.Write(_audit, _id, actor, before, decision.Events);
        await NoteInOwnLibraryAsync(actor, decision);
        return decision;
    }

    // Followers hear of it through the outbox; who asked reads it at once.
    private async Task NoteInOwnLibraryAsync(Actor actor, Decision decision)
    {
        if (actor.UserId is not { } user || !decision.Events.Any(ChangesRoles))
        {
            return;
        }

        try
        {
            var role = decision.After.Exists ? PlaylistAccess.RoleOf(decision.After, actor) : null;
            await GrainFactory.GetGrain<ILibraryGrain>(user).Note(_id, decision.After.Version, role);
        }
        catch (Exception e)
        {
            LogLibraryNotTold(_logger, _id, user, e);
        }
    }

    private static bool ChangesRoles(PlaylistEvent happened) =>
        happened is PlaylistCreated or PlaylistDeleted or CollaboratorSet or CollaboratorRemoved or InviteUsed;

    private async Task ReadyToReadAsync(Actor actor)
    {
        await _journal.ReadyToReadAsync();
        RequireReadable(State, actor);
        if (!_isShownOrLeaving)
        {
            _isShownOrLeaving = true;
            _local.Show(_id, _journal);
        }
    }

    private void RequireReadable(PlaylistState state, Actor actor)
    {
        LeaveIfNeverMade(state);
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.Read);
    }

    // Whoever guesses ids must not fill the memory with empty playlists.
    private void LeaveIfNeverMade(PlaylistState state)
    {
        if (state.Version == 0)
        {
            DeactivateOnIdle();
        }
    }

    private static void RequireOperationId(string operationId)
    {
        if (operationId is not { Length: > 0 and <= PlaylistLimits.OperationIdCharactersMax })
        {
            throw IndiiException.Invalid(
                $"operationId has 1 to {PlaylistLimits.OperationIdCharactersMax} characters.");
        }
    }

    private DateTimeOffset Now()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        return now < _journal.Tip.ChangedAt ? _journal.Tip.ChangedAt : now;
    }

    private void OnCommitted(CommittedBatch batch)
    {
        _publisher.Publish(batch);
        if (_observers.Count == 0)
        {
            return;
        }

        var now = _clock.GetUtcNow();
        var changes = PlaylistChangesMapping.ChangesOf(_id, batch.Commands);
        foreach (var (observer, expiresAt) in _observers.ToArray())
        {
            if (expiresAt <= now)
            {
                _observers.Remove(observer);
            }
            else
            {
                observer.Changed(changes).Ignore();
            }
        }
    }
}
