using System.Collections.Immutable;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>
/// One track: its metadata, and where its audio and artwork lie. Keyed by <see cref="TrackId.Of"/>. To whom the track
/// may not be heard, it does not exist: every method with an actor fails with <c>not_found</c>.
/// </summary>
[Alias("indii.tracks.ITrackGrain")]
public interface ITrackGrain : IGrainWithGuidKey
{
    /// <summary>
    /// What lists show; null when there is no such track. It is not filtered by visibility: whoever shows it asks
    /// <see cref="TrackCard.MayBeHeardBy"/>.
    /// </summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("GetCard")]
    Task<TrackCard?> GetCard();

    /// <summary>All that is known of it.</summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("Get")]
    Task<TrackView> Get(Actor actor);

    /// <summary>Its picture; null when it has none.</summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("GetArtwork")]
    Task<Artwork?> GetArtwork(Actor actor);

    /// <summary>The places it is known to have been imported from, newest last.</summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("GetSourcePaths")]
    Task<ImmutableArray<string>> GetSourcePaths(Actor actor);

    /// <summary>
    /// Enters the file. Entering it again changes nothing but the known source paths, and mends the catalog where it
    /// has missed this track. Only the importer and the upload route call it.
    /// </summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Enter")]
    Task<TrackEntered> Enter(EnterTrack command, CancellationToken cancellationToken);

    /// <summary>Changes metadata. Only its owner may, and a curator where it is the library's.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="edit">What changes.</param>
    /// <param name="ifRevision">
    /// Fails with <c>version_mismatch</c> when the track has moved on from it; null: whatever it is.
    /// </param>
    /// <param name="cancellationToken">Stops the call.</param>
    [ResponseTimeout("00:00:30")]
    [Alias("Edit")]
    Task<TrackView> Edit(Actor actor, EditTrack edit, long? ifRevision, CancellationToken cancellationToken);

    /// <summary>Replaces the picture by one that the object store holds already. Who may is as with metadata.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("SetArtwork")]
    Task<TrackView> SetArtwork(Actor actor, Artwork artwork, CancellationToken cancellationToken);

    /// <summary>
    /// Fails unless the actor may change the track: for callers that have work to do, such as storing a picture,
    /// before they do so.
    /// </summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("RequireMayChange")]
    Task RequireMayChange(Actor actor);

    /// <summary>
    /// Removes the metadata. Only its owner may, or a moderator. The audio object stays, as the same bytes may be
    /// another owner's.
    /// </summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Remove")]
    Task Remove(Actor actor, CancellationToken cancellationToken);
}
