using IndiiMusic.Bench.Measuring;
using IndiiMusic.Bench.Rows;

namespace IndiiMusic.Bench;

/// <summary>The rows of the targets, in their order.</summary>
internal static class AllRows
{
    public static readonly IReadOnlyList<Row> Rows =
    [
        new("hot-playlist", HotPlaylistRow.MeasureAsync),
        new("long-playlist", LongPlaylistRow.MeasureAsync),
        new("page", PageRow.MeasureAsync),
        new("watchers", WatchersRow.MeasureAsync),
        new("editors", EditorsRow.MeasureAsync),
        new("activation", ActivationRow.MeasureAsync),
        new("memory", MemoryRow.MeasureAsync),
        new("start", StartRow.MeasureAsync),
        new("silos", SilosRow.MeasureAsync, NeedsCluster: true),
    ];

    public static IEnumerable<string> Names => Rows.Select(static row => row.Name);
}
