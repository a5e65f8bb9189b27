using IndiiMusic.Bench.Grains;
using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Load;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>Durable edits of one playlist by many callers, against calls of a grain that does nothing.</summary>
internal static class HotPlaylistRow
{
    private const int Callers = 100;
    private const int Entries = 100;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        await using var silo = await BenchSilo.StartAsync(settings.Data.Create());
        var editors = await PlaylistEditors.CreateAsync(silo.Grains, Entries, Callers);
        var empty = silo.Grains.GetGrain<IEmptyGrain>(0);
        var rates = await Alternation.CompareAsync(
            settings,
            Side.Here(runTime => ClosedLoop.RunAsync(Callers, runTime, editors.AppendOrRemoveAsync)),
            Side.Here(runTime => ClosedLoop.RunAsync(Callers, runTime, _ => empty.Call())));
        return [rates.ToLine("Durable edits of one playlist, 100 callers", Target.AtLeast(0.5), "empty grain calls")];
    }
}
