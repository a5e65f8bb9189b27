using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>What a list or a playlist entry shows of a track.</summary>
/// <param name="TrackId">The track.</param>
/// <param name="Title">Its title; the file's name where it had none.</param>
/// <param name="Artists">Its artists in the order of the file; may be empty.</param>
/// <param name="Album">Its album, if it has one.</param>
/// <param name="DurationMs">How long it plays, in milliseconds.</param>
/// <param name="Visibility">Who may hear it.</param>
/// <param name="OwnerId">Whose it is; null for the library's.</param>
/// <param name="HasArtwork">Whether there is a picture to get.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.track-card")]
public sealed record TrackCard(
    [property: Id(0)] Guid TrackId,
    [property: Id(1)] string Title,
    [property: Id(2)] ImmutableArray<string> Artists,
    [property: Id(3)] string? Album,
    [property: Id(4)] long DurationMs,
    [property: Id(5)] TrackVisibility Visibility,
    [property: Id(6)] Guid? OwnerId,
    [property: Id(7)] bool HasArtwork)
{
    /// <summary>
    /// Whether an actor may see and hear it; to others it is shown as unavailable, with nothing of it.
    /// </summary>
    public bool MayBeHeardBy(Actor actor) => TrackAccess.MayHear(actor, Visibility, OwnerId);
}

/// <summary>All that is known of a track.</summary>
/// <param name="TrackId">The track.</param>
/// <param name="Tags">What its file says of the music, or what its owner changed that to.</param>
/// <param name="Audio">What its file is.</param>
/// <param name="HasArtwork">Whether there is a picture to get.</param>
/// <param name="AddedAt">When it was first brought in.</param>
/// <param name="OwnerId">Whose it is; null for the library's.</param>
/// <param name="Visibility">Who may hear it.</param>
/// <param name="Revision">Counts its changes; the strong ETag of its metadata.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.track-view")]
public sealed record TrackView(
    [property: Id(0)] Guid TrackId,
    [property: Id(1)] TrackTags Tags,
    [property: Id(2)] TrackAudio Audio,
    [property: Id(3)] bool HasArtwork,
    [property: Id(4)] DateTimeOffset AddedAt,
    [property: Id(5)] Guid? OwnerId,
    [property: Id(6)] TrackVisibility Visibility,
    [property: Id(7)] long Revision);

/// <summary>What a file's tags say of the music.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.track-tags")]
public sealed record TrackTags(
    [property: Id(0)] string Title,
    [property: Id(1)] ImmutableArray<string> Artists,
    [property: Id(2)] string? AlbumArtist,
    [property: Id(3)] string? Album,
    [property: Id(4)] int? TrackNumber,
    [property: Id(5)] int? DiscNumber,
    [property: Id(6)] int? Year,
    [property: Id(7)] ImmutableArray<string> Genres,
    [property: Id(8)] MusicBrainzIds? MusicBrainz,
    [property: Id(9)] ReplayGain? ReplayGain);

/// <summary>What MusicBrainz knows the music as.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.musicbrainz-ids")]
public sealed record MusicBrainzIds(
    [property: Id(0)] Guid? RecordingId,
    [property: Id(1)] Guid? TrackId,
    [property: Id(2)] Guid? ReleaseId,
    [property: Id(3)] ImmutableArray<Guid> ArtistIds);

/// <summary>
/// How much louder or quieter to play, in dB against the ReplayGain 2.0 reference; peaks are 1.0 at full scale.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.replay-gain")]
public sealed record ReplayGain(
    [property: Id(0)] double? TrackGainDb,
    [property: Id(1)] double? TrackPeak,
    [property: Id(2)] double? AlbumGainDb,
    [property: Id(3)] double? AlbumPeak);

/// <summary>What an audio file is.</summary>
/// <param name="ObjectKey">Where the object store keeps it.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal: the strong ETag of its bytes.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="MediaType">Its media type, such as <c>audio/flac</c>.</param>
/// <param name="Codec">Its codec, such as <c>opus</c>.</param>
/// <param name="DurationMs">How long it plays, in milliseconds.</param>
/// <param name="BitRate">Bits per second, where known.</param>
/// <param name="SampleRateHz">Samples per second.</param>
/// <param name="Channels">Channels.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.track-audio")]
public sealed record TrackAudio(
    [property: Id(0)] string ObjectKey,
    [property: Id(1)] string Sha256,
    [property: Id(2)] long SizeBytes,
    [property: Id(3)] string MediaType,
    [property: Id(4)] string Codec,
    [property: Id(5)] long DurationMs,
    [property: Id(6)] int? BitRate,
    [property: Id(7)] int SampleRateHz,
    [property: Id(8)] int Channels);

/// <summary>A picture in the object store.</summary>
/// <param name="ObjectKey">Where the object store keeps it; ends in the SHA-256 of its bytes.</param>
/// <param name="MediaType">Its media type, such as <c>image/jpeg</c>.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.artwork")]
public sealed record Artwork(
    [property: Id(0)] string ObjectKey,
    [property: Id(1)] string MediaType);
