using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Writes a playlist as a file, page by page, all of the version that the first page showed.</summary>
/// <param name="grains">Where playlists and tracks are.</param>
/// <param name="cards">What entries show of their tracks.</param>
/// <param name="actor">Who asks.</param>
/// <param name="baseUrl">What the addresses of this server's audio begin with.</param>
/// <param name="withPaths">Whether to write source paths in place of addresses where they are known.</param>
internal sealed class PlaylistExport(
    IGrainFactory grains, TrackCards cards, Actor actor, string baseUrl, bool withPaths)
{
    public async Task WriteAsync(
        PlaylistFileFormat format,
        string name,
        IPlaylistGrain playlist,
        EntriesPage firstPage,
        Stream output,
        CancellationToken cancellationToken)
    {
        await using var writer = PlaylistFileWriter.Of(format, output);
        await writer.BeginAsync(name);
        for (var page = firstPage; ;)
        {
            await WritePageAsync(writer, page, format != PlaylistFileFormat.M3u8, cancellationToken);
            await writer.FlushAsync(cancellationToken);
            if (page.NextAfter is not { } after)
                break;
            page = await playlist.GetEntries(actor, after, PageLimits.Max, firstPage.Versions.Version);
        }

        await writer.EndAsync();
    }

    private async Task WritePageAsync(
        PlaylistFileWriter writer, EntriesPage page, bool asUri, CancellationToken cancellationToken)
    {
        var trackIds = page.Entries.Select(entry => entry.TrackId).ToHashSet();
        var known = await cards.GetAsync(trackIds, cancellationToken);
        var heard = trackIds.Where(id => known.TryGetValue(id, out var card) && card.MayBeHeardBy(actor)).ToHashSet();
        var paths = withPaths ? await FindPathsAsync(heard) : [];
        foreach (var entry in page.Entries)
        {
            // What the reader may not hear keeps its place in the list, by its address alone.
            var card = heard.Contains(entry.TrackId) ? known[entry.TrackId] : null;
            await writer.WriteAsync(new WrittenEntry(
                paths.TryGetValue(entry.TrackId, out var path)
                    ? asUri ? new Uri(path).AbsoluteUri : path
                    : $"{baseUrl}/tracks/{entry.TrackId}/audio",
                card?.Title,
                card is { Artists.IsEmpty: false } ? string.Join(", ", card.Artists) : null,
                card?.Album,
                card?.DurationMs ?? 0));
        }
    }

    private async Task<Dictionary<Guid, string>> FindPathsAsync(IEnumerable<Guid> trackIds)
    {
        var found = await Task.WhenAll(trackIds.Select(async id =>
            (id, Paths: await grains.GetGrain<ITrackGrain>(id).GetSourcePaths(actor))));
        return found.Where(track => !track.Paths.IsEmpty).ToDictionary(track => track.id, track => track.Paths[^1]);
    }
}
