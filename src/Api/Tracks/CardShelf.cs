using System.Collections.Concurrent;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// Cards in memory, each until its time. Bounded by two generations: a full young one becomes the old one, and what is
/// used again moves back. A hit is a look-up and allocates nothing.
/// </summary>
/// <param name="cardsMax">Cards kept at most.</param>
/// <param name="time">The clock.</param>
internal sealed class CardShelf(int cardsMax, TimeProvider time)
{
    private readonly Lock _turning = new();
    private Generation _young = new();
    private Generation _old = new();

    /// <summary>Finds a card that is kept; one that is null stands for a track that does not exist.</summary>
    public bool TryFind(Guid trackId, long now, out TrackCard? card)
    {
        card = null;
        if (!Volatile.Read(ref _young).TryGetValue(trackId, out var kept))
        {
            var old = Volatile.Read(ref _old);
            if (!old.TryGetValue(trackId, out kept))
                return false;
            if (now < kept.Until)
            {
                Keep(trackId, kept);

                // Dropped meanwhile, it must not come back.
                if (!old.ContainsKey(trackId))
                    Drop(trackId);
            }
        }

        card = kept.Card;
        return now < kept.Until;
    }

    /// <summary>Keeps a card, or that there is none.</summary>
    public void Keep(Guid trackId, TrackCard? card, TimeSpan keptFor) => Keep(
        trackId, new Kept(card, time.GetTimestamp() + (long)(keptFor.TotalSeconds * time.TimestampFrequency)));

    /// <summary>Drops a card.</summary>
    public void Drop(Guid trackId)
    {
        // The old one first: see TryFind.
        Volatile.Read(ref _old).TryRemove(trackId, out _);
        Volatile.Read(ref _young).TryRemove(trackId, out _);
    }

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        lock (_turning)
        {
            Volatile.Write(ref _old, new Generation());
            Volatile.Write(ref _young, new Generation());
        }
    }

    private void Keep(Guid trackId, in Kept kept)
    {
        var young = Volatile.Read(ref _young);
        young[trackId] = kept;
        if (young.CountAdded() < cardsMax / 2)
            return;

        lock (_turning)
        {
            if (young != _young)
                return;

            Volatile.Write(ref _old, young);
            Volatile.Write(ref _young, new Generation());
        }
    }

    private readonly record struct Kept(TrackCard? Card, long Until);

    /// <summary>A dictionary that counts cheaply: its own Count takes every lock.</summary>
    private sealed class Generation : ConcurrentDictionary<Guid, Kept>
    {
        private int _added;

        public int CountAdded() => Interlocked.Increment(ref _added);
    }
}
