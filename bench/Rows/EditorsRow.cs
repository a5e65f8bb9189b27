using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>Many clients edit and watch one playlist, against a hub that only sends each call to all.</summary>
internal static class EditorsRow
{
    private const int Clients = 50;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        await using var hubs = await BenchHubs.StartAsync(settings.Data.Create());
        await using var ours = await hubs.OpenOursAsync(Clients);
        await using var bare = await hubs.OpenBareAsync(Clients);
        var rates = await Alternation.CompareAsync(
            settings,
            new Side(ours.EditAsync, hubs.Ours.ProcessorTime),
            new Side(bare.EditAsync, hubs.Bare.ProcessorTime));
        return [rates.ToLine("Edits answered, 50 clients edit and watch", Target.AtLeast(1), "bare hub")];
    }
}
