using System.Collections.Immutable;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>An entry of a playlist file and the track that it stands for.</summary>
public sealed record MatchedEntry(PlaylistFileEntry Entry, TrackMatch Match);

/// <summary>What the entries of a playlist file were recognised as.</summary>
/// <param name="Matched">The entries that are tracks here, in the file's order.</param>
/// <param name="Unmatched">The others, in the file's order.</param>
public sealed record PlaylistFileMatches(
    ImmutableArray<MatchedEntry> Matched, ImmutableArray<PlaylistFileEntry> Unmatched)
{
    /// <summary>Of no entries at all.</summary>
    public static readonly PlaylistFileMatches None = new([], []);

    /// <summary>The tracks, in the file's order.</summary>
    public ImmutableArray<Guid> TrackIds => [.. Matched.Select(matched => matched.Match.TrackId)];

    /// <summary>Looks the entries up among the tracks that an actor may hear.</summary>
    /// <param name="grains">Where the catalog is.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="file">The playlist file.</param>
    /// <param name="format">Its kind; null where its name does not tell.</param>
    /// <param name="folder">
    /// The folder that its relative paths start from; null when it was sent from elsewhere.
    /// </param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<PlaylistFileMatches> FindAsync(
        IGrainFactory grains,
        Actor actor,
        PlaylistFile file,
        PlaylistFileFormat? format,
        string? folder,
        CancellationToken cancellationToken)
    {
        var catalog = grains.GetGrain<ICatalogGrain>(0);
        var matched = ImmutableArray.CreateBuilder<MatchedEntry>();
        var unmatched = ImmutableArray.CreateBuilder<PlaylistFileEntry>();
        foreach (var chunk in file.Entries.Chunk(TrackLimits.MatchesMax))
        {
            var isUri = EntryLocation.IsUri(format);
            var wanted = chunk.Select(entry => EntryLocation.Wanted(entry, isUri, folder)).ToImmutableArray();
            var found = await catalog.Match(actor, wanted, cancellationToken);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (found[i] is { } match)
                    matched.Add(new MatchedEntry(chunk[i], match));
                else
                    unmatched.Add(chunk[i]);
            }
        }

        return new PlaylistFileMatches(matched.ToImmutable(), unmatched.ToImmutable());
    }

    /// <summary>A playlist's name: what the file calls itself, or else what it is called.</summary>
    public static string NameOf(PlaylistFile file, string fileName)
    {
        var name = (string.IsNullOrWhiteSpace(file.Title) ? fileName : file.Title).Trim();
        if (name.Length == 0)
            return "Playlist";
        if (name.Length <= PlaylistLimits.NameCharactersMax)
            return name;
        var length = PlaylistLimits.NameCharactersMax;
        return name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)];
    }

    /// <summary>An entry in one line for people.</summary>
    public static string Describe(PlaylistFileEntry entry) => entry switch
    {
        { Title: not null, Artist: not null } => $"{entry.Number}: {entry.Artist} - {entry.Title}",
        { Title: not null } => $"{entry.Number}: {entry.Title}",
        _ => $"{entry.Number}: {entry.Location}",
    };

    /// <summary>How many entries were recognised in which way, by the way's name on the wire.</summary>
    public ImmutableSortedDictionary<string, int> CountsByKind() => Matched
        .CountBy(matched => matched.Match.How)
        .ToImmutableSortedDictionary(
            pair => JsonNamingPolicy.CamelCase.ConvertName(pair.Key.ToString()), pair => pair.Value);
}
