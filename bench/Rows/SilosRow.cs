using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Load;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>
/// Durable edits spread over 1,000 playlists with one, two and three silos, and what one edit costs the servers behind
/// them. All share this machine's processors, so the ratio says what more silos cost rather than what they bring.
/// </summary>
internal static class SilosRow
{
    private const int Playlists = 1_000;
    private const int Entries = 100;
    private const int Callers = 100;

    private static readonly (string Figure, string Words)[] Costs =
    [
        ("indiimusic_event_store_append_duration_seconds_count", "inserts"),
        ("indiimusic_rabbitmq_published_total", "messages to RabbitMQ"),
    ];

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        var lines = new List<ResultLine>();
        var alone = 0.0;
        for (var silos = 1; silos <= 3; silos++)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            await using var cluster = await BenchCluster.StartAsync(settings, silos);
            var (rate, costs) = await MeasureAsync(settings, cluster);
            alone = silos == 1 ? rate.PerSecond : alone;
            lines.Add(new ResultLine(
                $"Durable edits of 1,000 playlists, 100 callers, {silos} silo{(silos == 1 ? "" : "s")}; {costs}",
                $"{rate}",
                $"{alone:N0}/s, 1 silo",
                rate.PerSecond / alone,
                Target: null));
        }

        return lines;
    }

    private static async Task<(Rate Rate, string Costs)> MeasureAsync(BenchSettings settings, BenchCluster cluster)
    {
        var playlists = new PlaylistEditors[Playlists];
        await ClosedLoop.ForEachAsync(Playlists, concurrency: 50, async i =>
            playlists[i] = await PlaylistEditors.CreateAsync(cluster.Grains, Entries, Callers));
        var side = new Side(
            runTime => ClosedLoop.RunAsync(
                Callers, runTime, caller => playlists[Random.Shared.Next(Playlists)].AppendOrRemoveAsync(caller)),
            cluster.ProcessorTime);
        await side.WarmUpAsync(settings);

        var before = await cluster.ReadFiguresAsync();
        var start = TimeProvider.System.GetTimestamp();
        var rate = await side.MeasureAsync(settings.RunTime * 3);
        var edits = rate.PerSecond * TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var after = await cluster.ReadFiguresAsync();
        var costs = Costs.Select(cost =>
        {
            var count = after.GetValueOrDefault(cost.Figure) - before.GetValueOrDefault(cost.Figure);
            return $"{count / edits:N2} {cost.Words}";
        });
        return (rate, $"each {string.Join(", ", costs)}");
    }
}
