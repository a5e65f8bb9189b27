namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>
/// Takes in files that a gateway has put into the object store. Stateless: any key does, 0 by custom.
/// </summary>
[Alias("indii.tracks.ITrackUploadGrain")]
public interface ITrackUploadGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Makes a track of an uploaded object, owned by the actor, and removes the object. Fails with
    /// <c>unsupported_media</c> when it is no audio of a supported kind.
    /// </summary>
    [Alias("Take")]
    [ResponseTimeout("00:10:00")]
    Task<TrackEntered> Take(Actor actor, UploadedTrack upload, CancellationToken cancellationToken);

    /// <summary>
    /// Makes an uploaded picture the artwork of a track. Fails with <c>unsupported_media</c> when it is none of a
    /// supported kind.
    /// </summary>
    [Alias("SetArtwork")]
    Task<TrackView> SetArtwork(
        Actor actor, Guid trackId, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken);
}

/// <summary>A file that waits in the object store.</summary>
/// <param name="ObjectKey">Where it waits.</param>
/// <param name="FileName">What its sender calls it: the title where the tags name none.</param>
/// <param name="Metadata">What to put in place of its tags.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.uploaded-track")]
public sealed record UploadedTrack(
    [property: Id(0)] string ObjectKey,
    [property: Id(1)] string FileName,
    [property: Id(2)] EditTrack Metadata);
