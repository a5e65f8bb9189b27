using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace IndiiMusic.Cluster.Tests.Load;

/// <summary>What a playlist's editors were told had happened, and whether it is so.</summary>
public sealed class Acknowledged
{
    private readonly ConcurrentDictionary<Guid, int> _added = new();
    private readonly ConcurrentDictionary<int, bool> _removed = new();

    /// <summary>Additions that were acknowledged.</summary>
    public int Additions => _added.Count;

    /// <summary>Removals that were acknowledged.</summary>
    public int Removals => _removed.Count;

    public void NoteAdded(Guid track, int entryId) => _added[track] = entryId;

    public void NoteRemoved(int entryId) => _removed[entryId] = true;

    /// <summary>
    /// Each addition is there once under the id that was told, unless it was removed; nothing else is.
    /// </summary>
    public void AssertHolds(IReadOnlyList<(int EntryId, Guid TrackId)> list)
    {
        var present = list.ToDictionary(entry => entry.TrackId, entry => entry.EntryId);
        Assert.Equal(list.Count, present.Count);
        foreach (var (track, entryId) in _added)
        {
            var isThere = present.TryGetValue(track, out var under);
            Assert.True(
                isThere != _removed.ContainsKey(entryId),
                $"Entry {entryId} was {(isThere ? "removed, and is there" : "added, and is not there")}.");
            Assert.True(!isThere || under == entryId, $"Entry {entryId} is there as {under}.");
        }

        Assert.Empty(present.Keys.Except(_added.Keys));
    }

    /// <summary>Reads a whole playlist over REST.</summary>
    public static async Task<List<(int EntryId, Guid TrackId)>> ReadAllAsync(ApiClient api, string playlist)
    {
        var entries = new List<(int, Guid)>();
        for (string? cursor = ""; cursor is not null;)
        {
            var query = cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = await api.SendUntilAnsweredAsync(HttpMethod.Get, $"{playlist}/entries?limit=500{query}");
            entries.AddRange(page["items"]!.AsArray().Select(item =>
                (item!["entryId"]!.GetValue<int>(), item["trackId"]!.GetValue<Guid>())));
            cursor = page["nextCursor"]?.ToString();
        }

        return entries;
    }
}
