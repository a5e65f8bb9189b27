using System.Collections.Immutable;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Grains.Tracks;

/// <summary>What is kept of a track. It never changes in place: each change makes the next one.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.tracks.track-state")]
public sealed record TrackState
{
    /// <summary>Counts the changes; 0 while there is no such track.</summary>
    [Id(0)]
    public long Revision { get; init; }

    /// <summary>Whose it is; null for the library's.</summary>
    [Id(1)]
    public Guid? OwnerId { get; init; }

    /// <summary>Who may hear it.</summary>
    [Id(2)]
    public TrackVisibility Visibility { get; init; }

    /// <summary>When it was first brought in.</summary>
    [Id(3)]
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>What its file says of the music, or what its owner changed that to; null while there is none.</summary>
    [Id(4)]
    public TrackTags? Tags { get; init; }

    /// <summary>What its file is; null while there is none.</summary>
    [Id(5)]
    public TrackAudio? Audio { get; init; }

    /// <summary>Its picture, if it has one.</summary>
    [Id(6)]
    public Artwork? Artwork { get; init; }

    /// <summary>Where it is known to have been imported from, newest last.</summary>
    [Id(7)]
    public ImmutableArray<string> SourcePaths { get; init; } = [];

    /// <summary>Whether there is such a track.</summary>
    internal bool Exists => Tags is not null && Audio is not null;

    internal static TrackState Entered(EnterTrack command, DateTimeOffset now) => new()
    {
        Revision = 1,
        OwnerId = command.OwnerId,
        Visibility = command.Visibility,
        AddedAt = now,
        Tags = command.Tags,
        Audio = command.Audio,
        Artwork = command.Artwork,
        SourcePaths = command.SourcePath is null ? [] : [command.SourcePath],
    };

    /// <summary>The state with one more source path; the same state when the path is known.</summary>
    internal TrackState SeenAt(string? sourcePath)
    {
        if (sourcePath is null || SourcePaths.Contains(sourcePath, StringComparer.Ordinal))
            return this;
        var paths = SourcePaths.Add(sourcePath);
        if (paths.Length > TrackLimits.SourcePathsMax)
            paths = paths.RemoveRange(0, paths.Length - TrackLimits.SourcePathsMax);
        return this with { Revision = Revision + 1, SourcePaths = paths };
    }

    internal TrackState Edited(EditTrack edit)
    {
        var tags = Tags! with
        {
            Title = edit.Title is null ? Tags.Title : Text("title", edit.Title, required: true)!,
            Artists = Texts("artists", edit.Artists, TrackLimits.ArtistsMax) ?? Tags.Artists,
            AlbumArtist = edit.AlbumArtist is null ? Tags.AlbumArtist : Text("albumArtist", edit.AlbumArtist),
            Album = edit.Album is null ? Tags.Album : Text("album", edit.Album),
            TrackNumber = Number("trackNumber", edit.TrackNumber, Tags.TrackNumber),
            DiscNumber = Number("discNumber", edit.DiscNumber, Tags.DiscNumber),
            Year = Number("year", edit.Year, Tags.Year),
            Genres = Texts("genres", edit.Genres, TrackLimits.GenresMax) ?? Tags.Genres,
        };
        return this with { Revision = Revision + 1, Tags = tags, Visibility = edit.Visibility ?? Visibility };
    }

    internal TrackState WithArtwork(Artwork artwork) =>
        this with { Revision = Revision + 1, Artwork = artwork };

    internal TrackCard Card(Guid trackId) => new(
        trackId,
        Tags!.Title,
        Tags.Artists,
        Tags.Album,
        Audio!.DurationMs,
        Visibility,
        OwnerId,
        HasArtwork: Artwork is not null);

    internal TrackView View(Guid trackId) => new(
        trackId, Tags!, Audio!, HasArtwork: Artwork is not null, AddedAt, OwnerId, Visibility, Revision);

    internal CatalogTrack Catalogued(Guid trackId) => new(Card(trackId), Tags!, Revision, AddedAt, SourcePaths);

    private static string? Text(string field, string value, bool required = false)
    {
        var text = value.Trim();
        if (text.Length > TrackLimits.TextCharactersMax)
        {
            throw new IndiiException(
                ErrorCode.LimitExceeded, $"{field} may have {TrackLimits.TextCharactersMax} characters at most.");
        }

        if (text.Length == 0 && required)
            throw IndiiException.Invalid($"{field} must not be empty.");
        return text.Length == 0 ? null : text;
    }

    private static ImmutableArray<string>? Texts(string field, ImmutableArray<string>? values, int countMax)
    {
        if (values is not { IsDefault: false } given)
            return null;
        if (given.Length > countMax)
            throw new IndiiException(ErrorCode.LimitExceeded, $"{field} may have {countMax} items at most.");
        return [.. given.Select(value => Text(field, value, required: true)!)];
    }

    private static int? Number(string field, int? value, int? present) => value switch
    {
        null => present,
        0 => null,
        > 0 and <= 9999 => value,
        _ => throw IndiiException.Invalid($"{field} is {value}; it may be 0 to 9999."),
    };
}
