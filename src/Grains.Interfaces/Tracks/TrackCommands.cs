using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>Enters a file whose audio and artwork the object store holds already.</summary>
/// <param name="OwnerId">Whose it is; null for the library's.</param>
/// <param name="Tags">What its tags say.</param>
/// <param name="Audio">What the file is.</param>
/// <param name="Artwork">Its picture, if it has one.</param>
/// <param name="SourcePath">Where it came from, for matching playlist files; null for an upload.</param>
/// <param name="Visibility">Who may hear it.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.enter-track")]
public sealed record EnterTrack(
    [property: Id(0)] Guid? OwnerId,
    [property: Id(1)] TrackTags Tags,
    [property: Id(2)] TrackAudio Audio,
    [property: Id(3)] Artwork? Artwork,
    [property: Id(4)] string? SourcePath,
    [property: Id(5)] TrackVisibility Visibility = TrackVisibility.Members);

/// <summary>What entering a file did.</summary>
/// <param name="IsNew">False when the track was there already.</param>
/// <param name="IsNewPath">Whether the track was not known from this source path before.</param>
/// <param name="Track">The track as it is now.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.track-entered")]
public sealed record TrackEntered(
    [property: Id(0)] bool IsNew,
    [property: Id(1)] bool IsNewPath,
    [property: Id(2)] TrackView Track);

/// <summary>Changes metadata; what is null stays as it is.</summary>
/// <param name="Title">The title.</param>
/// <param name="Artists">All the artists.</param>
/// <param name="AlbumArtist">The album artist; empty removes it.</param>
/// <param name="Album">The album; empty removes it.</param>
/// <param name="TrackNumber">The number on its disc; 0 removes it.</param>
/// <param name="DiscNumber">The disc; 0 removes it.</param>
/// <param name="Year">The year; 0 removes it.</param>
/// <param name="Genres">All the genres.</param>
/// <param name="Visibility">Who may hear it.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.edit-track")]
public sealed record EditTrack(
    [property: Id(0)] string? Title = null,
    [property: Id(1)] ImmutableArray<string>? Artists = null,
    [property: Id(2)] string? AlbumArtist = null,
    [property: Id(3)] string? Album = null,
    [property: Id(4)] int? TrackNumber = null,
    [property: Id(5)] int? DiscNumber = null,
    [property: Id(6)] int? Year = null,
    [property: Id(7)] ImmutableArray<string>? Genres = null,
    [property: Id(8)] TrackVisibility? Visibility = null);
