using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IndiiMusic.Api.Telemetry;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// Pages of entries as finished UTF-8 JSON. Each request asks the playlist for its versions, which decides access;
/// the bytes come from memory while nothing changed. Titles change rarely and without a playlist's knowledge: a page is
/// made anew when this gateway hears that one of its tracks changed, and kept for <see cref="KeptFor"/> at most. A page
/// that shows tracks of somebody's own is kept for that viewer only.
/// </summary>
public sealed class EntryPages : IDisposable
{
    /// <summary>Bytes of pages kept at once.</summary>
    public const long KeptBytesMax = 64 * 1024 * 1024;

    private const int OverheadBytes = 512;
    private const int BytesPerEntry = 80;
    private const int BytesPerTrackId = 16;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PastKeptFor = TimeSpan.FromMinutes(10);

    // An import that is under way may bring in the tracks that a page lacks.
    private static readonly TimeSpan KeptForWhenTracksLack = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = KeptBytesMax });
    private readonly PlaylistGrains _playlists;
    private readonly ReadAccessQuestions _access;
    private readonly TrackCards _cards;
    private readonly JsonTypeInfo<EntriesResponse> _shape;

    public EntryPages(
        PlaylistGrains playlists, ReadAccessQuestions access, TrackCards cards, IOptions<JsonOptions> json)
    {
        _playlists = playlists;
        _access = access;
        _cards = cards;
        _shape = (JsonTypeInfo<EntriesResponse>)json.Value.SerializerOptions.GetTypeInfo(typeof(EntriesResponse));
    }

    /// <summary>A page as the viewer may see it.</summary>
    /// <param name="viewer">Who asks.</param>
    /// <param name="playlistId">The playlist.</param>
    /// <param name="after">The entry that the page begins after, or <see cref="PlaylistOperation.Start"/>.</param>
    /// <param name="limit">Entries at most.</param>
    /// <param name="version">A past version; null for the present one.</param>
    /// <param name="cancellationToken">Stops the asking for tracks.</param>
    public async ValueTask<EntryPage> GetAsync(
        Actor viewer, Guid playlistId, int after, int limit, long? version, CancellationToken cancellationToken)
    {
        var versions = await _access.AskAsync(playlistId, viewer);
        var key = new PageKey(
            playlistId, version ?? versions.ContentVersion, version is not null, after, limit, Audience.Of(viewer));
        if (_kept.TryGetValue(key, out EntryPage? page)
            && page!.Shows(_cards.Changes)
            && (!page.IsPersonal || _kept.TryGetValue(key with { Audience = viewer.UserId!.Value }, out page))
            && page!.Shows(_cards.Changes))
        {
            CacheMetrics.EntryPages.Count(isHit: true);
            return page;
        }

        CacheMetrics.EntryPages.Count(isHit: false);
        return await MakeAsync(viewer, key, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private async Task<EntryPage> MakeAsync(Actor viewer, PageKey key, CancellationToken cancellationToken)
    {
        var playlist = _playlists.Of(key.PlaylistId);
        var view = key.IsPast
            ? await GetPastAsync(playlist, viewer, key)
            : await playlist.GetEntries(viewer, key.After, key.Limit, version: null);
        var trackIds = view.Entries.TrackIds();
        var changes = _cards.Changes.Number;
        var cards = await _cards.GetAsync(trackIds, cancellationToken);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(view.ToResponse(cards, viewer), _shape);
        var etag = $"\"{view.Versions.ContentVersion}-{Utf8Answer.Hash(bytes)}\"";
        var page = new EntryPage(bytes, etag, viewer.UserId is not null && HasPrivateTracks(cards))
        {
            Tracks = [.. trackIds],
            ChangesSeen = changes,
        };

        // The list may have moved on between the two questions: what is kept goes by what the answer says it shows.
        var shown = key.IsPast ? key : key with { Version = view.Versions.ContentVersion };
        var keptFor = cards.Count < trackIds.Count ? KeptForWhenTracksLack : KeptFor;
        if (page.IsPersonal)
        {
            Keep(shown, EntryPage.Personal(page), keptFor);
            shown = shown with { Audience = viewer.UserId!.Value };
        }

        Keep(shown, page, keptFor);
        return page;
    }

    /// <summary>
    /// A past version never changes, and costs the playlist some work to bring back: so it is kept for longer.
    /// </summary>
    private async Task<EntriesPage> GetPastAsync(IPlaylistGrain playlist, Actor viewer, PageKey key)
    {
        var pastKey = key with { Audience = Audience.None };
        if (_kept.TryGetValue(pastKey, out EntriesPage? view))
            return view!;

        view = await playlist.GetEntries(viewer, key.After, key.Limit, key.Version);
        _kept.Set(
            pastKey,
            view,
            new MemoryCacheEntryOptions
            {
                Size = (view.Entries.Length * BytesPerEntry) + OverheadBytes,
                AbsoluteExpirationRelativeToNow = PastKeptFor,
            });
        return view;
    }

    private void Keep(PageKey key, EntryPage page, TimeSpan keptFor) => _kept.Set(
        key,
        page,
        new MemoryCacheEntryOptions
        {
            Size = page.Utf8Json.Length + (page.Tracks.Length * BytesPerTrackId) + OverheadBytes,
            AbsoluteExpirationRelativeToNow = keptFor,
        });

    private static bool HasPrivateTracks(IReadOnlyDictionary<Guid, TrackCard> cards)
    {
        foreach (var (_, card) in cards)
        {
            if (card.Visibility == TrackVisibility.Private)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Names a page. <paramref name="Audience"/> is a user, or one of <see cref="EntryPages.Audience"/>.
    /// </summary>
    private readonly record struct PageKey(
        Guid PlaylistId, long Version, bool IsPast, int After, int Limit, Guid Audience);

    /// <summary>Viewers who see the same of every track that is not private.</summary>
    private static class Audience
    {
        /// <summary>For what is the same for all, being without tracks.</summary>
        public static readonly Guid None = new(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        private static readonly Guid Anonymous = Guid.Empty;
        private static readonly Guid Members = Guid.AllBitsSet;

        public static Guid Of(Actor viewer) => viewer.UserId is null ? Anonymous : Members;
    }
}

/// <summary>A page ready to send.</summary>
/// <param name="Utf8Json">Its body.</param>
/// <param name="ETag">With its quotes.</param>
/// <param name="IsPersonal">Whether it shows, or hides, tracks that only their owner may hear.</param>
public sealed record EntryPage(byte[] Utf8Json, string ETag, bool IsPersonal)
{
    private long _changesSeen;

    /// <summary>The tracks that it shows.</summary>
    internal Guid[] Tracks { get; init; } = [];

    /// <summary>The number of the last change of tracks that it is known to show.</summary>
    internal long ChangesSeen
    {
        get => Volatile.Read(ref _changesSeen);
        init => _changesSeen = value;
    }

    /// <summary>Stands where members' shared page would be: each has to have one of their own.</summary>
    internal static EntryPage Personal(EntryPage page) => new([], "", IsPersonal: true)
    {
        Tracks = page.Tracks,
        ChangesSeen = page.ChangesSeen,
    };

    /// <summary>Whether it shows its tracks as they are, as far as this gateway has heard.</summary>
    internal bool Shows(ChangedTracks changes)
    {
        var (newest, seen) = (changes.Number, ChangesSeen);
        if (newest == seen)
            return true;
        if (changes.AnyChanged(Tracks, seen))
            return false;

        // Others may write their own number at the same time; any of them is true.
        Volatile.Write(ref _changesSeen, newest);
        return true;
    }
}
