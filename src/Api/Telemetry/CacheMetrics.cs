using Prometheus;

namespace IndiiMusic.Api.Telemetry;

/// <summary>How often one of the gateway's caches has what is asked of it.</summary>
internal sealed class CacheMetrics
{
    /// <summary>Verified access tokens.</summary>
    public static readonly CacheMetrics AccessTokens = new("access_tokens");

    /// <summary>Pages of entries, ready to send.</summary>
    public static readonly CacheMetrics EntryPages = new("entry_pages");

    /// <summary>Cards of tracks in this process.</summary>
    public static readonly CacheMetrics TrackCards = new("track_cards");

    /// <summary>Cards of tracks that this process lacked, in the cache that gateways share.</summary>
    public static readonly CacheMetrics SharedTrackCards = new("shared_track_cards");

    private readonly Counter.Child _hits;
    private readonly Counter.Child _misses;

    private CacheMetrics(string cache)
    {
        var requests = Metrics.CreateCounter(
            "indiimusic_cache_requests_total",
            "What the gateway's caches were asked for, by cache and by whether they had it.",
            "cache",
            "result");
        (_hits, _misses) = (requests.WithLabels(cache, "hit"), requests.WithLabels(cache, "miss"));
    }

    /// <summary>Asked once.</summary>
    public void Count(bool isHit) => (isHit ? _hits : _misses).Inc();

    /// <summary>Asked for several at once.</summary>
    public void Count(int hits, int misses)
    {
        _hits.Inc(hits);
        _misses.Inc(misses);
    }
}
