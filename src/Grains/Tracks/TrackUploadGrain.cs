using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Tracks;

/// <summary>Takes uploads in, off the grain's own thread since probing and hashing take their time.</summary>
[GrainType("track-upload")]
[StatelessWorker]
[Reentrant]
internal sealed partial class TrackUploadGrain(
    IObjectStore objects, UploadCopies copies, TrackIntake intake, ILogger<TrackUploadGrain> logger)
    : Grain, ITrackUploadGrain
{
    public async Task<TrackEntered> Take(Actor actor, UploadedTrack upload, CancellationToken cancellationToken)
    {
        var ownerId = actor.Require(Permissions.WriteTracks);
        try
        {
            using var copy = await copies.MakeAsync(upload.ObjectKey, upload.FileName, cancellationToken);
            var visibility = upload.Metadata.Visibility ?? TrackVisibility.Members;
            var file = new IntakeFile(copy.Path, ownerId, SourcePath: null, FolderArtworkPath: null, visibility);
            var entered = await Task.Run(() => intake.TakeAsync(file, cancellationToken), cancellationToken);
            if (upload.Metadata == new EditTrack())
                return entered;
            var track = await GrainFactory.GetGrain<ITrackGrain>(entered.Track.TrackId)
                .Edit(actor, upload.Metadata, ifRevision: null, cancellationToken);
            return entered with { Track = track };
        }
        catch (BrokenMediaException broken)
        {
            throw new IndiiException(ErrorCode.UnsupportedMedia, $"The file cannot be taken in: {broken.Message}.");
        }
        catch (MediaToolMissingException missing)
        {
            throw new IndiiException(
                ErrorCode.DependencyUnavailable,
                "This server cannot read audio files: ffmpeg is not installed.",
                missing);
        }
        finally
        {
            await RemoveAsync(upload.ObjectKey);
        }
    }

    public async Task<TrackView> SetArtwork(
        Actor actor, Guid trackId, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        var track = GrainFactory.GetGrain<ITrackGrain>(trackId);
        await track.RequireMayChange(actor);
        var artwork = await intake.StorePictureAsync(picture, cancellationToken)
            ?? throw new IndiiException(ErrorCode.UnsupportedMedia, "The picture is no JPEG, PNG, WebP or GIF.");
        return await track.SetArtwork(actor, artwork, cancellationToken);
    }

    /// <summary>What came of the upload does not depend on whether its object can be removed now.</summary>
    private async Task RemoveAsync(string key)
    {
        try
        {
            await objects.DeleteAsync(key, CancellationToken.None);
        }
        catch (ObjectStoreUnavailableException failure)
        {
            LogNotRemoved(failure, key);
        }
    }
}
