namespace IndiiMusic.Bench.Measuring;

/// <summary>
/// Compares two rates by runs that take turns, so that whatever else the machine does falls on both. Each run of ours is
/// set against the run beside it; the median of those ratios counts.
/// </summary>
internal static class Alternation
{
    private const int Rounds = 3;

    /// <param name="settings">How long a run takes.</param>
    /// <param name="ours">Runs for a time and gives the rate per second.</param>
    /// <param name="baseline">The same for what ours is compared with.</param>
    public static async Task<Rates> CompareAsync(
        BenchSettings settings, Func<TimeSpan, Task<double>> ours, Func<TimeSpan, Task<double>> baseline)
    {
        // Code is compiled anew as it gets hot: what a program does in its first seconds says nothing.
        await ours(settings.RunTime);
        await baseline(settings.RunTime);

        var rates = new List<(double Ours, double Baseline)>();
        for (var round = 0; round < Rounds; round++)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            if (round % 2 == 0)
            {
                var first = await ours(settings.RunTime);
                rates.Add((first, await baseline(settings.RunTime)));
            }
            else
            {
                var first = await baseline(settings.RunTime);
                rates.Add((await ours(settings.RunTime), first));
            }

            await Console.Error.WriteLineAsync($"  {rates[^1].Ours:N0}/s against {rates[^1].Baseline:N0}/s");
        }

        return new Rates(
            rates.Select(static pair => pair.Ours).Median(),
            rates.Select(static pair => pair.Baseline).Median(),
            rates.Select(static pair => pair.Ours / pair.Baseline).Median());
    }
}

/// <summary>What a comparison found.</summary>
/// <param name="Ours">Our median, per second.</param>
/// <param name="Baseline">The other median, per second.</param>
/// <param name="Ratio">The median of the ratios of neighbouring runs.</param>
internal sealed record Rates(double Ours, double Baseline, double Ratio)
{
    public ResultLine ToLine(string what, Target target, string baseline) => new(
        what, $"{Ours:N0}/s", $"{Baseline:N0}/s {baseline}", Ratio, target);
}
