using System.Diagnostics;

namespace IndiiMusic.Bench.Measuring;

/// <summary>
/// Compares two rates by runs that take turns, so that whatever else the machine does falls on both. Each run of ours
/// is set against the run beside it; the median of those ratios counts.
/// </summary>
internal static class Alternation
{
    private const int Rounds = 3;

    public static async Task<Rates> CompareAsync(BenchSettings settings, Side ours, Side baseline)
    {
        if (settings.OursOnly)
        {
            baseline = ours;
        }

        await ours.WarmUpAsync(settings);
        await baseline.WarmUpAsync(settings);

        var pairs = new List<(Rate Ours, Rate Baseline)>();
        for (var round = 0; round < Rounds; round++)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            if (round % 2 == 0)
            {
                var first = await ours.MeasureAsync(settings.RunTime);
                pairs.Add((first, await baseline.MeasureAsync(settings.RunTime)));
            }
            else
            {
                var first = await baseline.MeasureAsync(settings.RunTime);
                pairs.Add((await ours.MeasureAsync(settings.RunTime), first));
            }

            await Console.Error.WriteLineAsync($"  {pairs[^1].Ours} against {pairs[^1].Baseline}");
        }

        return new Rates(
            Rate.Median(pairs.Select(static pair => pair.Ours)),
            Rate.Median(pairs.Select(static pair => pair.Baseline)),
            pairs.Select(static pair => pair.Ours.PerSecond / pair.Baseline.PerSecond).Median());
    }
}

/// <summary>One side of a comparison.</summary>
/// <param name="RunAsync">Runs for a time and gives the rate per second.</param>
/// <param name="ProcessorTime">What the measured process has used of the processors so far.</param>
internal sealed record Side(Func<TimeSpan, Task<double>> RunAsync, Func<TimeSpan> ProcessorTime)
{
    private const int WarmUpRunsMax = 6;
    private const double SteadyShare = 0.9;

    /// <summary>A side that runs in this process, callers and all.</summary>
    public static Side Here(Func<TimeSpan, Task<double>> runAsync) =>
        new(runAsync, static () => Environment.CpuUsage.TotalTime);

    /// <summary>
    /// Runs until that no longer gets cheaper: code is compiled anew as it gets hot, which takes its time on a busy
    /// machine and says nothing about what comes after.
    /// </summary>
    public async Task WarmUpAsync(BenchSettings settings)
    {
        var cheapest = double.MaxValue;
        for (var run = 0; run < WarmUpRunsMax; run++)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            var rate = await MeasureAsync(settings.RunTime);
            if (rate.ProcessorUs > cheapest * SteadyShare)
            {
                return;
            }

            cheapest = rate.ProcessorUs;
        }
    }

    public async Task<Rate> MeasureAsync(TimeSpan runTime)
    {
        var before = ProcessorTime();
        var start = Stopwatch.GetTimestamp();
        var perSecond = await RunAsync(runTime);
        var count = perSecond * Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Rate(perSecond, (ProcessorTime() - before).TotalMicroseconds / count);
    }
}

/// <summary>How often something was done.</summary>
/// <param name="PerSecond">Times per second.</param>
/// <param name="ProcessorUs">What each time took of the processors, in microseconds.</param>
internal sealed record Rate(double PerSecond, double ProcessorUs)
{
    public static Rate Median(IEnumerable<Rate> rates)
    {
        var all = rates.ToList();
        return new Rate(
            all.Select(static rate => rate.PerSecond).Median(), all.Select(static rate => rate.ProcessorUs).Median());
    }

    public override string ToString() => $"{PerSecond:N0}/s at {ResultTable.Figure(ProcessorUs)} µs";
}

/// <summary>What a comparison found.</summary>
/// <param name="Ours">Our median.</param>
/// <param name="Baseline">The other median.</param>
/// <param name="Ratio">The median of the ratios of neighbouring runs.</param>
internal sealed record Rates(Rate Ours, Rate Baseline, double Ratio)
{
    public ResultLine ToLine(string what, Target target, string baseline) =>
        new(what, $"{Ours}", $"{Baseline}, {baseline}", Ratio, target);
}
