using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Tracks;

/// <summary>Takes uploads in, off the grain's own thread since probing and hashing take their time.</summary>
[GrainType("track-upload")]
[StatelessWorker]
[Reentrant]
internal sealed class TrackUploadGrain(IObjectStore objects, TrackIntake intake) : Grain, ITrackUploadGrain
{
    public async Task<TrackEntered> Take(Actor actor, UploadedTrack upload, CancellationToken cancellationToken)
    {
        var ownerId = actor.RequireUser();
        var folder = Directory.CreateTempSubdirectory("indii-upload-");
        try
        {
            // The probe takes the title from the name where there is no tag, so the copy bears the sender's name.
            var path = Path.Combine(folder.FullName, SafeName(upload.FileName));
            await CopyAsync(upload.ObjectKey, path, cancellationToken);
            var visibility = upload.Metadata.Visibility ?? TrackVisibility.Members;
            var file = new IntakeFile(path, ownerId, SourcePath: null, FolderArtworkPath: null, visibility);
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
            folder.Delete(recursive: true);
            await objects.DeleteAsync(upload.ObjectKey, CancellationToken.None);
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

    private async Task CopyAsync(string key, string path, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(key, cancellationToken) is { LocalPath: { } localPath })
        {
            File.CreateSymbolicLink(path, localPath);
            return;
        }

        await using var source = await objects.OpenAsync(key, offset: 0, length: null, cancellationToken);
        await using var copy = File.Create(path);
        await source.CopyToAsync(copy, cancellationToken);
    }

    private static string SafeName(string fileName)
    {
        var name = new string([
            .. fileName[(fileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..]
                .Where(character => !char.IsControl(character) && !char.IsSurrogate(character))
                .Take(80),
        ]);
        return name is "" or "." or ".." ? "upload" : name;
    }
}
