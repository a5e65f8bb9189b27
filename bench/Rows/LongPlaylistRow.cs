using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Load;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>Durable edits at random places of a very long playlist, against those of a short one.</summary>
internal static class LongPlaylistRow
{
    private const int Callers = 100;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        await using var silo = await BenchSilo.StartAsync(settings.Data.Create());
        var @long = await PlaylistEditors.CreateAsync(silo.Grains, entries: 100_000 - Callers, Callers);
        var @short = await PlaylistEditors.CreateAsync(silo.Grains, entries: 100, Callers);
        var rates = await Alternation.CompareAsync(
            settings,
            Side.Here(runTime => ClosedLoop.RunAsync(Callers, runTime, @long.InsertMoveOrRemoveAsync)),
            Side.Here(runTime => ClosedLoop.RunAsync(Callers, runTime, @short.InsertMoveOrRemoveAsync)));
        return [rates.ToLine("Durable edits of 100,000 entries, 100 callers", Target.AtLeast(0.7), "on 100 entries")];
    }
}
