using System.Text;

namespace IndiiMusic.Bench.Measuring;

/// <summary>Results as Markdown.</summary>
internal static class ResultTable
{
    public static string Write(IReadOnlyList<ResultLine> lines, string machine)
    {
        var text = new StringBuilder();
        text.AppendLine(machine).AppendLine();
        text.AppendLine("| what | ours | baseline | result | target | met |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var line in lines)
        {
            var isMet = line.Target is null ? "" : line.IsMet ? "yes" : "no";
            var result = $"{Figure(line.Value)} {line.Target?.Unit}".TrimEnd();
            text.AppendLine(
                $"| {line.What} | {line.Ours} | {line.Baseline} | {result} | {line.Target} | {isMet} |");
        }

        return text.ToString();
    }

    /// <summary>A figure with three digits that mean something.</summary>
    public static string Figure(double value) => value switch
    {
        >= 100 => $"{value:N0}",
        >= 10 => $"{value:N1}",
        _ => $"{value:N2}",
    };
}
