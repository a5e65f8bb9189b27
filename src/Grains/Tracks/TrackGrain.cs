using System.Collections.Immutable;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Tracks;

/// <summary>
/// Keeps one track, and the catalog in step with it: the catalog is told after the state is durable, and again on
/// activation or re-entry when it turns out to have missed that.
/// </summary>
[GrainType("track")]
internal sealed partial class TrackGrain(
    [PersistentState("track")] IPersistentState<TrackState> stored,
    ITrackCatalog catalog,
    TimeProvider time,
    AuditLog audit,
    ILogger<TrackGrain> logger) : Grain, ITrackGrain
{
    private Guid TrackId => this.GetPrimaryKey();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!stored.State.Exists)
            return;
        try
        {
            await MendCatalogAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The catalog can be mended at any later activation; the track itself can be read without it.
            LogCatalogNotMended(failure, TrackId);
        }
    }

    public Task<TrackCard?> GetCard() =>
        Task.FromResult(stored.State.Exists ? stored.State.Card(TrackId) : null);

    public Task<TrackView> Get(Actor actor) => Task.FromResult(Heard(actor).View(TrackId));

    public Task<Artwork?> GetArtwork(Actor actor) => Task.FromResult(Heard(actor).Artwork);

    public Task<ImmutableArray<string>> GetSourcePaths(Actor actor) => Task.FromResult(Heard(actor).SourcePaths);

    public async Task<TrackEntered> Enter(EnterTrack command, CancellationToken cancellationToken)
    {
        if (Interfaces.Tracks.TrackId.Of(command.OwnerId, command.Audio.Sha256) != TrackId)
            throw IndiiException.Invalid("The file is not the one that this track's id stands for.");

        var isNew = !stored.State.Exists;
        var next = isNew
            ? TrackState.Entered(command, time.GetUtcNow())
            : stored.State.SeenAt(command.SourcePath);
        var isChanged = !ReferenceEquals(next, stored.State);
        if (isChanged)
            await SaveAsync(next, cancellationToken);
        else
            await MendCatalogAsync(cancellationToken);
        return new TrackEntered(isNew, IsNewPath: isChanged, next.View(TrackId));
    }

    public async Task<TrackView> Edit(
        Actor actor, EditTrack edit, long? ifRevision, CancellationToken cancellationToken)
    {
        var present = Changeable(actor);
        if (ifRevision is not null && ifRevision != present.Revision)
        {
            throw new IndiiException(
                ErrorCode.VersionMismatch, $"The track is at revision {present.Revision}, not {ifRevision}.");
        }

        await SaveAsync(present.Edited(edit), cancellationToken);
        return stored.State.View(TrackId);
    }

    public async Task<TrackView> SetArtwork(Actor actor, Artwork artwork, CancellationToken cancellationToken)
    {
        await SaveAsync(Changeable(actor).WithArtwork(artwork), cancellationToken);
        return stored.State.View(TrackId);
    }

    public Task RequireMayChange(Actor actor)
    {
        Changeable(actor);
        return Task.CompletedTask;
    }

    public async Task Remove(Actor actor, CancellationToken cancellationToken)
    {
        Removable(actor);

        // First the catalog: dying between the two leaves a track that the next activation catalogues again, and never
        // a catalogued track that does not exist.
        await catalog.RemoveAsync(TrackId, cancellationToken);
        await stored.ClearStateAsync(cancellationToken);
        stored.State = new TrackState();
        audit.Write(
            AuditAction.TrackDeleted, AuditOutcome.Success, actor.UserId, new AuditDetails { TrackId = TrackId });
    }

    private TrackState Heard(Actor actor)
    {
        if (actor.UserId is not null)
            actor.Require(Permissions.ReadTracks);
        return Known(actor);
    }

    private TrackState Known(Actor actor) =>
        stored.State is { Exists: true } track && TrackAccess.MayHear(actor, track.Visibility, track.OwnerId)
            ? track
            : throw IndiiException.NotFound("track");

    private TrackState Changeable(Actor actor)
    {
        var userId = actor.Require(Permissions.WriteTracks);
        var track = Known(actor);
        return track.OwnerId switch
        {
            { } owner when owner == userId => track,
            null when actor.Has(Permissions.CurateLibrary) => track,
            null => throw IndiiException.Forbidden("Only a curator may change the library's tracks."),
            _ => throw IndiiException.Forbidden("Only the track's owner may change it."),
        };
    }

    private void Removable(Actor actor)
    {
        var userId = actor.Require(Permissions.WriteTracks);
        if (Known(actor).OwnerId != userId && !actor.Has(Permissions.ModerateTracks))
            throw IndiiException.Forbidden("Only the track's owner or a moderator may delete it.");
    }

    private async Task SaveAsync(TrackState next, CancellationToken cancellationToken)
    {
        await stored.Write(next);
        await catalog.UpsertAsync(next.Catalogued(TrackId), cancellationToken);
    }

    private async Task MendCatalogAsync(CancellationToken cancellationToken)
    {
        if (await catalog.FindRevisionAsync(TrackId, cancellationToken) != stored.State.Revision)
            await catalog.UpsertAsync(stored.State.Catalogued(TrackId), cancellationToken);
    }
}
