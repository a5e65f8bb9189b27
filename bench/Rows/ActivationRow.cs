using System.Diagnostics;
using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Load;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>The first call of a playlist that is not in memory, with a long list and a long history.</summary>
internal static class ActivationRow
{
    private const int Entries = 10_000;
    private const int Events = 100_000;
    private const int OperationsPerCommand = 100;
    private const int SingleOperations = 10_000;
    private const int Activations = 40;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        await using var silo = await BenchSilo.StartAsync(settings.Data.Create());
        var editors = await PlaylistEditors.CreateAsync(silo.Grains, Entries, callers: 1);
        for (var events = 0; events < Events - SingleOperations; events += OperationsPerCommand)
        {
            await editors.MoveAsync(OperationsPerCommand);
        }

        // A playlist that has seen many commands remembers all the operation ids that it has to.
        await ClosedLoop.CountAsync(SingleOperations, concurrency: 50, () => editors.MoveAsync(operations: 1));

        var times = new List<double>();
        for (var i = 0; i < Activations; i++)
        {
            // How much there is to replay depends on how far away the last snapshot is: all distances get their turn.
            await ClosedLoop.CountAsync(count: 37, concurrency: 37, () => editors.MoveAsync(operations: 1));
            await silo.DeactivateAsync(editors.Playlist);
            var start = Stopwatch.GetTimestamp();
            await editors.ReadVersionsAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var median = times.Median();
        return
        [
            new ResultLine(
                "Activating 10,000 entries with 100,000 events behind them, median",
                $"{median:N1} ms; slowest {times.Max():N1} ms",
                "",
                median,
                Target.AtMost(30, "ms")),
        ];
    }
}
