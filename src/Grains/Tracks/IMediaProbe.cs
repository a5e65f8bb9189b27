using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Grains.Tracks;

/// <summary>Reads what an audio file is and says, from a file on this machine's disk.</summary>
public interface IMediaProbe
{
    /// <summary>Reads tags and properties.</summary>
    /// <param name="path">The file, as an absolute path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="BrokenMediaException">
    /// It is no audio file of a supported kind, or cannot be decoded.
    /// </exception>
    /// <exception cref="MediaToolMissingException">What reads files is not installed.</exception>
    Task<MediaFacts> ProbeAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// The picture that a file holds; null when it holds none, or none of at most
    /// <see cref="TrackLimits.ArtworkBytesMax"/> bytes.
    /// </summary>
    /// <exception cref="MediaToolMissingException">What reads files is not installed.</exception>
    Task<byte[]?> ReadPictureAsync(string path, CancellationToken cancellationToken);

    /// <summary>Fails with <see cref="MediaToolMissingException"/> unless files can be read on this machine.</summary>
    Task RequireToolAsync(CancellationToken cancellationToken);
}

/// <summary>What a file is and says.</summary>
/// <param name="Tags">Its tags; the title is the file's name where it has none.</param>
/// <param name="Extension">What its container's files end in, without the dot: <c>mp3</c>.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="DurationMs">How long it plays, in milliseconds; at least 1.</param>
/// <param name="BitRate">Bits per second, where known.</param>
/// <param name="SampleRateHz">Samples per second.</param>
/// <param name="Channels">Channels.</param>
/// <param name="HasPicture">Whether it holds a picture.</param>
public sealed record MediaFacts(
    TrackTags Tags,
    string Extension,
    string MediaType,
    string Codec,
    long DurationMs,
    int? BitRate,
    int SampleRateHz,
    int Channels,
    bool HasPicture);

/// <summary>A file is no audio, or is damaged; the message says which in words for its owner.</summary>
public sealed class BrokenMediaException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The program that reads audio files is not installed; the message says how to get it.</summary>
public sealed class MediaToolMissingException(string message, Exception? cause = null) : Exception(message, cause);
