using System.Collections.Immutable;
using System.Globalization;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Playlists;

/// <summary>Makes bodies of views, for REST and the hub alike.</summary>
public static class PlaylistResponseMapping
{
    private static readonly string[] CapabilityWords = Enum.GetValues<PlaylistCapabilities>()
        .Where(capability => capability != PlaylistCapabilities.None)
        .Select(capability => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(capability.ToString()))
        .ToArray();

    /// <summary>The playlist, without entries.</summary>
    public static PlaylistResponse ToResponse(this PlaylistView playlist) => new(
        playlist.Id,
        playlist.Name,
        playlist.Description,
        playlist.Visibility,
        playlist.Duplicates,
        playlist.CreatedBy,
        playlist.CreatedAt,
        playlist.ChangedAt,
        playlist.EntryCount,
        playlist.Versions.Version,
        playlist.Versions.ContentVersion,
        playlist.Versions.DetailsVersion,
        playlist.Role,
        ToWords(playlist.Capabilities),
        playlist.ForkedFrom.ToResponse());

    /// <summary>What became of a command.</summary>
    public static CommandResponse ToResponse(this CommandResult result)
    {
        var operations = new OperationResponse[result.Results.Length];
        for (var i = 0; i < operations.Length; i++)
        {
            var operation = result.Results[i];
            operations[i] = new OperationResponse(
                operation.Outcome,
                operation.EntryIds.IsDefault ? [] : operation.EntryIds,
                operation.UnaffectedEntryIds.IsDefaultOrEmpty ? null : operation.UnaffectedEntryIds,
                operation.SuggestionId,
                operation.DuplicateTrackIds.IsDefaultOrEmpty ? null : operation.DuplicateTrackIds);
        }

        var versions = result.Versions;
        return new CommandResponse(versions.Version, versions.ContentVersion, versions.DetailsVersion, operations);
    }

    /// <summary>A page of entries with what the viewer may see of their tracks.</summary>
    public static EntriesResponse ToResponse(
        this EntriesPage page, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer) => new(
        page.Entries.ToResponse(cards, viewer),
        page.NextAfter?.ToString(CultureInfo.InvariantCulture),
        page.EntryCount,
        page.Versions.Version,
        page.Versions.ContentVersion);

    /// <summary>Entries with what the viewer may see of their tracks.</summary>
    public static EntryResponse[] ToResponse(
        this ImmutableArray<EntryView> entries, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer)
    {
        var items = new EntryResponse[entries.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var entry = entries[i];
            items[i] = new EntryResponse(
                entry.EntryId, entry.TrackId, entry.AddedBy, entry.AddedAt, ToTrack(entry.TrackId, cards, viewer));
        }

        return items;
    }

    /// <summary>What the viewer may see of a track.</summary>
    public static EntryTrackResponse ToTrack(
        Guid trackId, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer) =>
        cards.TryGetValue(trackId, out var card) && card.MayBeHeardBy(viewer)
            ? new EntryTrackResponse(true, card.Title, card.Artists, card.Album, card.DurationMs, card.HasArtwork)
            : EntryTrackResponse.Unavailable;

    /// <summary>Placed entries with what the viewer may see of their tracks.</summary>
    public static PlacedEntryResponse[] ToResponse(
        this ImmutableArray<PlacedEntry> entries, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer)
    {
        var items = new PlacedEntryResponse[entries.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var (entry, after) = entries[i];
            items[i] = new PlacedEntryResponse(
                new EntryAnchor(after),
                entry.EntryId,
                entry.TrackId,
                entry.AddedBy,
                entry.AddedAt,
                ToTrack(entry.TrackId, cards, viewer));
        }

        return items;
    }

    /// <summary>Details; null for none.</summary>
    public static DetailsResponse ToResponse(this SetDetails details) =>
        new(details.Name, details.Description, details.Visibility, details.Duplicates);

    /// <summary>Where a fork came from; null for a playlist that is none.</summary>
    public static ForkOriginResponse? ToResponse(this ForkOrigin? origin) =>
        origin is null ? null : new ForkOriginResponse(origin.PlaylistId, origin.Version);

    /// <summary>The playlist and its first entries.</summary>
    public static SnapshotResponse ToResponse(
        this PlaylistSnapshot snapshot, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer) =>
        new(snapshot.Playlist.ToResponse(), snapshot.FirstPage.ToResponse(cards, viewer));

    private static string[] ToWords(PlaylistCapabilities capabilities)
    {
        var words = new string[int.PopCount((int)capabilities)];
        var next = 0;
        for (var bit = 0; next < words.Length; bit++)
        {
            if (((int)capabilities & (1 << bit)) != 0)
                words[next++] = CapabilityWords[bit];
        }

        return words;
    }
}
