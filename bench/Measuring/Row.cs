using IndiiMusic.Bench.Hosting;

namespace IndiiMusic.Bench.Measuring;

/// <summary>One thing that has targets.</summary>
/// <param name="Name">What <c>--row</c> calls it.</param>
/// <param name="MeasureAsync">Measures it; a line for each target.</param>
/// <param name="NeedsCluster">Whether it is measured with the cluster's wiring alone.</param>
internal sealed record Row(
    string Name, Func<BenchSettings, Task<IReadOnlyList<ResultLine>>> MeasureAsync, bool NeedsCluster = false);

/// <summary>How to measure.</summary>
/// <param name="RunTime">How long each single run takes.</param>
/// <param name="OursOnly">Leaves comparisons out and only runs what is ours, for a profiler to look at.</param>
/// <param name="Data">Where data goes meanwhile.</param>
/// <param name="CancellationToken">Stops between runs.</param>
internal sealed record BenchSettings(
    TimeSpan RunTime, bool OursOnly, BenchData Data, CancellationToken CancellationToken);

/// <summary>A line of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Our figure with its unit.</param>
/// <param name="Baseline">What it is compared with; empty where the target is absolute.</param>
/// <param name="Value">What the target is about: a ratio, or a figure in the target's unit.</param>
/// <param name="Target">The target; null where there is none to meet.</param>
internal sealed record ResultLine(string What, string Ours, string Baseline, double Value, Target? Target)
{
    public bool IsMet => Target?.IsMetBy(Value) ?? true;
}

/// <summary>What is aimed at.</summary>
/// <param name="Limit">The bound, itself included.</param>
/// <param name="IsLowerBound">Whether more is better.</param>
/// <param name="Unit">The unit; empty for a ratio.</param>
internal sealed record Target(double Limit, bool IsLowerBound, string Unit)
{
    public static Target AtLeast(double ratio) => new(ratio, IsLowerBound: true, "");

    public static Target AtMost(double limit, string unit = "") => new(limit, IsLowerBound: false, unit);

    public bool IsMetBy(double value) => IsLowerBound ? value >= Limit : value <= Limit;

    public override string ToString() => $"{(IsLowerBound ? "≥" : "≤")} {Limit} {Unit}".TrimEnd();
}
