using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tracks;

/// <summary>All that is known of a track.</summary>
/// <param name="OwnerId">Whose it is; null for the library that all members share.</param>
/// <param name="Sha256">The SHA-256 of the file; also the ETag of its audio.</param>
/// <param name="Revision">Counts its changes; the ETag of this answer.</param>
public sealed record TrackResponse(
    Guid Id,
    string Title,
    IReadOnlyList<string> Artists,
    string? AlbumArtist,
    string? Album,
    int? TrackNumber,
    int? DiscNumber,
    int? Year,
    IReadOnlyList<string> Genres,
    long DurationMs,
    string Codec,
    string MediaType,
    int? BitRate,
    int SampleRateHz,
    int Channels,
    long SizeBytes,
    string Sha256,
    MusicBrainzResponse? MusicBrainz,
    ReplayGainResponse? ReplayGain,
    bool HasArtwork,
    DateTimeOffset AddedAt,
    Guid? OwnerId,
    TrackVisibility Visibility,
    long Revision)
{
    internal static TrackResponse Of(TrackView track) => new(
        track.TrackId,
        track.Tags.Title,
        track.Tags.Artists,
        track.Tags.AlbumArtist,
        track.Tags.Album,
        track.Tags.TrackNumber,
        track.Tags.DiscNumber,
        track.Tags.Year,
        track.Tags.Genres,
        track.Audio.DurationMs,
        track.Audio.Codec,
        track.Audio.MediaType,
        track.Audio.BitRate,
        track.Audio.SampleRateHz,
        track.Audio.Channels,
        track.Audio.SizeBytes,
        track.Audio.Sha256,
        MusicBrainzResponse.Of(track.Tags.MusicBrainz),
        ReplayGainResponse.Of(track.Tags.ReplayGain),
        track.HasArtwork,
        track.AddedAt,
        track.OwnerId,
        track.Visibility,
        track.Revision);
}

/// <summary>What MusicBrainz knows the music as.</summary>
public sealed record MusicBrainzResponse(
    Guid? RecordingId, Guid? TrackId, Guid? ReleaseId, IReadOnlyList<Guid> ArtistIds)
{
    internal static MusicBrainzResponse? Of(MusicBrainzIds? ids) =>
        ids is null ? null : new(ids.RecordingId, ids.TrackId, ids.ReleaseId, ids.ArtistIds);
}

/// <summary>How much louder or quieter to play, in dB; peaks are 1.0 at full scale.</summary>
public sealed record ReplayGainResponse(
    double? TrackGainDb, double? TrackPeak, double? AlbumGainDb, double? AlbumPeak)
{
    internal static ReplayGainResponse? Of(ReplayGain? gain) =>
        gain is null ? null : new(gain.TrackGainDb, gain.TrackPeak, gain.AlbumGainDb, gain.AlbumPeak);
}

/// <summary>What a list shows of a track.</summary>
public sealed record TrackItemResponse(
    Guid Id,
    string Title,
    IReadOnlyList<string> Artists,
    string? Album,
    long DurationMs,
    bool HasArtwork,
    TrackVisibility Visibility,
    Guid? OwnerId)
{
    internal static TrackItemResponse Of(TrackCard card) => new(
        card.TrackId,
        card.Title,
        card.Artists,
        card.Album,
        card.DurationMs,
        card.HasArtwork,
        card.Visibility,
        card.OwnerId);
}

/// <summary>A page of tracks.</summary>
public sealed record TracksResponse(IReadOnlyList<TrackItemResponse> Items, string? NextCursor);

/// <summary>A genre and how many tracks are of it.</summary>
public sealed record GenreResponse(string Genre, long TrackCount);

/// <summary>Genres, most tracks first.</summary>
public sealed record GenresResponse(IReadOnlyList<GenreResponse> Items, string? NextCursor);

/// <summary>Whether an upload can be played.</summary>
public enum UploadStatus
{
    /// <summary>The track is there.</summary>
    Ready = 0,
}

/// <summary>What became of an upload.</summary>
/// <param name="Id">The track.</param>
/// <param name="Status">Whether it can be played.</param>
/// <param name="AlreadyThere">Whether the same file was in the caller's collection before.</param>
/// <param name="Track">The track.</param>
public sealed record UploadResponse(Guid Id, UploadStatus Status, bool AlreadyThere, TrackResponse Track);

/// <summary>
/// Metadata to set; what is left out stays as it is. An empty album or albumArtist, and a 0 for a number, removes it.
/// </summary>
public sealed record TrackMetadataRequest(
    string? Title = null,
    IReadOnlyList<string>? Artists = null,
    string? AlbumArtist = null,
    string? Album = null,
    int? TrackNumber = null,
    int? DiscNumber = null,
    int? Year = null,
    IReadOnlyList<string>? Genres = null,
    TrackVisibility? Visibility = null)
{
    internal EditTrack ToEdit() => new(
        Title,
        Artists?.ToImmutableArray(),
        AlbumArtist,
        Album,
        TrackNumber,
        DiscNumber,
        Year,
        Genres?.ToImmutableArray(),
        Visibility);
}

/// <summary>
/// How the bodies of this slice are read and written, made at compile time. Names of members and enums follow
/// <see cref="Json.JsonHosting.Configure"/>.
/// </summary>
[JsonSerializable(typeof(TrackResponse))]
[JsonSerializable(typeof(TracksResponse))]
[JsonSerializable(typeof(GenresResponse))]
[JsonSerializable(typeof(UploadResponse))]
[JsonSerializable(typeof(TrackMetadataRequest))]
public sealed partial class TrackJson : JsonSerializerContext;
