using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>How soon everybody who watches has an edit, against a hub that only sends calls on.</summary>
internal static class WatchersRow
{
    private const int Clients = 200;
    private const int EditsPerSecond = 20;
    private const int Rounds = 3;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        await using var hubs = await BenchHubs.StartAsync(settings.Data.Create());
        await using var ours = await hubs.OpenOursAsync(Clients);
        await using var bare = await hubs.OpenBareAsync(Clients);
        await ours.WatchAsync(settings.RunTime, EditsPerSecond);
        await bare.WatchAsync(settings.RunTime, EditsPerSecond);

        var (oursMs, bareMs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            oursMs.AddRange(await ours.WatchAsync(settings.RunTime, EditsPerSecond));
            bareMs.AddRange(await bare.WatchAsync(settings.RunTime, EditsPerSecond));
        }

        return [LineOf("median", 0.5, oursMs, bareMs), LineOf("99th percentile", 0.99, oursMs, bareMs)];
    }

    private static ResultLine LineOf(string name, double share, List<double> oursMs, List<double> bareMs)
    {
        var (ours, bare) = (oursMs.Percentile(share), bareMs.Percentile(share));
        return new ResultLine(
            $"Until each of 200 watchers has an edit, {name}",
            $"{ours:N1} ms",
            $"{bare:N1} ms bare hub",
            ours / bare,
            Target.AtMost(1.5));
    }
}
