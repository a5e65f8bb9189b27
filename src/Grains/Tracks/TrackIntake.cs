using System.Security.Cryptography;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Grains.Tracks;

/// <summary>A file on this machine's disk that is to become a track.</summary>
/// <param name="Path">Where it lies, absolute.</param>
/// <param name="OwnerId">Whose it will be; null for the library's.</param>
/// <param name="SourcePath">What to remember as its source; null for an upload.</param>
/// <param name="FolderArtworkPath">A picture beside it, for when it holds none itself.</param>
/// <param name="Visibility">Who may hear it.</param>
public sealed record IntakeFile(
    string Path, Guid? OwnerId, string? SourcePath, string? FolderArtworkPath, TrackVisibility Visibility);

/// <summary>
/// Takes a file in: reads its tags, stores its bytes and its picture once each under their hashes, and enters the
/// track. Each step can be repeated, so that a file that was interrupted anywhere is simply taken in again.
/// </summary>
public sealed class TrackIntake(IMediaProbe probe, IObjectStore objects, IGrainFactory grains)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Takes one file in.</summary>
    /// <exception cref="BrokenMediaException">It is no audio of a supported kind, or damaged, or too large.</exception>
    /// <exception cref="IOException">It cannot be read, or changed meanwhile.</exception>
    public async Task<TrackEntered> TakeAsync(IntakeFile file, CancellationToken cancellationToken)
    {
        var sizeBytes = SizeOf(file.Path);
        if (sizeBytes == 0)
            throw new BrokenMediaException("it is empty");
        if (sizeBytes > TrackLimits.AudioBytesMax)
            throw new BrokenMediaException($"it is larger than {TrackLimits.AudioBytesMax} bytes");

        var facts = await probe.ProbeAsync(file.Path, cancellationToken);
        var sha256 = await HashAsync(file.Path, cancellationToken);
        var key = $"audio/{sha256}.{facts.Extension}";
        var storedBytes = await StoreAsync(key, sha256, file.Path, facts.MediaType, cancellationToken);
        var audio = new TrackAudio(
            key,
            sha256,
            storedBytes,
            facts.MediaType,
            facts.Codec,
            facts.DurationMs,
            facts.BitRate,
            facts.SampleRateHz,
            facts.Channels);
        var artwork = await FindArtworkAsync(file, facts, cancellationToken);
        var track = grains.GetGrain<ITrackGrain>(TrackId.Of(file.OwnerId, sha256));
        return await track.Enter(
            new EnterTrack(file.OwnerId, facts.Tags, audio, artwork, file.SourcePath, file.Visibility),
            cancellationToken);
    }

    /// <summary>Stores a picture; null when it is none of a supported kind, or too large.</summary>
    public async Task<Artwork?> StorePictureAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length > TrackLimits.ArtworkBytesMax || Picture.MediaTypeOf(bytes.Span) is not { } mediaType)
            return null;
        var key = $"artwork/{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";
        if (await objects.FindAsync(key, cancellationToken) is null)
        {
            using var content = new MemoryStream(bytes.ToArray(), writable: false);
            await objects.PutAsync(key, content, mediaType, cancellationToken);
        }

        return new Artwork(key, mediaType);
    }

    private async Task<long> StoreAsync(
        string key, string sha256, string path, string mediaType, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(key, cancellationToken) is { } there)
            return there.LengthBytes;
        await using var content = new VerifyingStream(Open(path), sha256);
        return await objects.PutAsync(key, content, mediaType, cancellationToken);
    }

    private async Task<Artwork?> FindArtworkAsync(
        IntakeFile file, MediaFacts facts, CancellationToken cancellationToken)
    {
        if (facts.HasPicture
            && await probe.ReadPictureAsync(file.Path, cancellationToken) is { } embedded
            && await StorePictureAsync(embedded, cancellationToken) is { } artwork)
        {
            return artwork;
        }

        if (file.FolderArtworkPath is null || SizeOf(file.FolderArtworkPath) > TrackLimits.ArtworkBytesMax)
            return null;

        return await StorePictureAsync(
            await File.ReadAllBytesAsync(file.FolderArtworkPath, cancellationToken), cancellationToken);
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var content = Open(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    // Through a handle, as a symbolic link's own length is that of its text.
    private static long SizeOf(string path)
    {
        using var handle = File.OpenHandle(path);
        return RandomAccess.GetLength(handle);
    }

    private static FileStream Open(string path) => new(
        path,
        new FileStreamOptions
        {
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
}
