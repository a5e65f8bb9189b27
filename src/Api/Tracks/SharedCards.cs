using System.Text.Json;
using System.Text.Json.Serialization;
using IndiiMusic.Api.Telemetry;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Infrastructure.Redis;
using StackExchange.Redis;

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// Cards in Redis, for all gateways: asked for many at once, in one round trip. A track that changes leaves a mark in
/// the place of its card for a moment, which nobody overwrites, so that a gateway that read the card before the change
/// and writes it after does no harm.
/// </summary>
internal sealed class SharedCards(RedisConnection redis, GatewayChannel channel)
{
    /// <summary>
    /// Stands in every key. It changes with the shape of <see cref="TrackCard"/>, so that gateways of two versions do
    /// not read each other's cards during an update.
    /// </summary>
    public const int ShapeVersion = 1;

    /// <summary>How long a changed track's mark lasts; a card that took longer to get is not written.</summary>
    public static readonly TimeSpan MarkedFor = TimeSpan.FromSeconds(10);

    private static readonly RedisScript Mark = new("""
        redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
        return redis.call('PUBLISH', ARGV[2], ARGV[3])
        """);

    /// <summary>Adds the cards that are there to those found, and takes their tracks out of those missing.</summary>
    public async ValueTask FindAsync(HashSet<Guid> missing, Dictionary<Guid, TrackCard> found)
    {
        var keys = missing.Select(Key).ToArray();
        var answer = await redis.CallAsync(
            "cards", keys, static (database, all) => database.StringGetAsync(all));
        if (!answer.IsAnswered)
        {
            RedisMetrics.Fallbacks.WithLabels("cache").Inc();
            return;
        }

        var asked = missing.Count;
        foreach (var value in answer.Value)
        {
            if (value.IsNullOrEmpty || Read(value) is not { } card)
                continue;
            found[card.TrackId] = card;
            missing.Remove(card.TrackId);
        }

        CacheMetrics.SharedTrackCards.Count(asked - missing.Count, missing.Count);
    }

    /// <summary>Writes cards, without waiting for it: what is not written is asked for again.</summary>
    public void Keep(IReadOnlyList<TrackCard> cards, TimeSpan keptFor)
    {
        if (cards.Count > 0)
            _ = KeepAsync(cards, keptFor).AsTask();
    }

    /// <summary>Marks a track as changed, and tells all gateways.</summary>
    public ValueTask ForgetAsync(Guid trackId) => channel.TellAsync(
        GatewayMessageKind.TrackChanged, trackId, Mark, Key(trackId), (long)MarkedFor.TotalMilliseconds);

    private async ValueTask KeepAsync(IReadOnlyList<TrackCard> cards, TimeSpan keptFor) => await redis.CallAsync(
        "keep-cards",
        (cards, keptFor, cache: this),
        static async (database, it) =>
        {
            var writes = new Task[it.cards.Count];
            for (var i = 0; i < writes.Length; i++)
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(it.cards[i], CardJson.Default.TrackCard);
                writes[i] = database.StringSetAsync(
                    it.cache.Key(it.cards[i].TrackId), json, it.keptFor, when: When.NotExists);
            }

            await Task.WhenAll(writes);
            return true;
        });

    private RedisKey Key(Guid trackId) => redis.Key($"card:v{ShapeVersion}:{trackId:N}");

    private static TrackCard? Read(RedisValue value)
    {
        try
        {
            return JsonSerializer.Deserialize((byte[])value!, CardJson.Default.TrackCard);
        }
        catch (JsonException)
        {
            // What somebody else has put there is no card, and is asked for anew.
            return null;
        }
    }
}

/// <summary>Told of tracks that changed at other gateways; after a gap any may have.</summary>
internal sealed class ChangedCards(TrackCards cards) : IGatewayListener
{
    /// <inheritdoc/>
    public GatewayMessageKind Kind => GatewayMessageKind.TrackChanged;

    /// <inheritdoc/>
    public void Take(Guid id) => cards.Drop(id);

    /// <inheritdoc/>
    public Task MakeUpAsync()
    {
        cards.DropAll();
        return Task.CompletedTask;
    }
}

/// <summary>How cards are written to Redis; see <see cref="SharedCards.ShapeVersion"/>.</summary>
[JsonSerializable(typeof(TrackCard))]
internal sealed partial class CardJson : JsonSerializerContext;
