using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Load;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>The memory that an active playlist takes, once it was read from the store and edited some more.</summary>
internal static class MemoryRow
{
    private const int Playlists = 2_000;
    private const int Entries = 100;
    private const int EditsOfEach = 20;
    private const int Concurrency = 50;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        await using var silo = await BenchSilo.StartAsync(settings.Data.Create());
        var playlists = new PlaylistEditors[Playlists];
        await ClosedLoop.ForEachAsync(Playlists, Concurrency, async i =>
            playlists[i] = await PlaylistEditors.CreateAsync(silo.Grains, Entries, callers: 1));
        await silo.DeactivateAllAsync();

        var before = UsedBytes();
        await ClosedLoop.ForEachAsync(Playlists, Concurrency, i => playlists[i].ReadVersionsAsync());
        var read = UsedBytes();
        await ClosedLoop.ForEachAsync(Playlists, Concurrency, async i =>
        {
            for (var edit = 0; edit < EditsOfEach; edit++)
            {
                await playlists[i].AppendOrRemoveAsync(caller: 0);
            }
        });
        var edited = UsedBytes();
        GC.KeepAlive(playlists);

        var (readKb, editedKb) = (KbOfEach(before, read), KbOfEach(before, edited));
        return
        [
            new ResultLine(
                "Memory of an active playlist of 100 entries",
                $"{readKb:N1} KB when read, {editedKb:N1} KB after {EditsOfEach} edits",
                "",
                editedKb,
                Target.AtMost(64, "KB")),
        ];
    }

    private static double KbOfEach(long before, long after) => (after - before) / 1024.0 / Playlists;

    private static long UsedBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
