using System.Globalization;
using System.Runtime.InteropServices;

namespace IndiiMusic.Bench.Measuring;

/// <summary>What the figures were measured on, and how busy that was.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return $"{Processor()}, {Environment.ProcessorCount} cores, {memory:N0} GB, "
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; "
            + $"load before the first run: {Load()}.";
    }

    private static string Processor() =>
        Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() => Lines("/proc/loadavg") is [var averages, ..]
        ? averages.Split(' ')[0].ToString(CultureInfo.InvariantCulture)
        : "unknown";

    private static string[] Lines(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];
}
