using System.CommandLine;
using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Measuring;
using IndiiMusic.Bench.Micro;

namespace IndiiMusic.Bench;

/// <summary>
/// What this program does: the rows of the targets, micro-benchmarks, and the bare server to compare with.
/// </summary>
internal static class BenchCommandLine
{
    private static readonly Option<string[]> RowNames = new("--row")
    {
        Description = $"Only this row; may be repeated. One of: {string.Join(", ", AllRows.Names)}.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "How long each single run takes; each comparison makes three runs of either side.",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<FileInfo?> Output = new("--output")
    {
        Description = "A file for the table as well.",
    };

    private static readonly Option<string?> Folder = new("--folder")
    {
        Description = "Where data is written while measuring; the system's folder for temporary files unless named.",
    };

    private static readonly Option<bool> OursOnly = new("--ours-only")
    {
        Description = "Leaves out what ours is compared with, to look at ours with a profiler.",
    };

    private static readonly Option<bool> OnCluster = new("--cluster")
    {
        Description = "Measures with the cluster's wiring: MongoDB's stand-in, RabbitMQ, Redis and Consul are started.",
    };

    public static Task<int> RunAsync(string[] args)
    {
        RowNames.AcceptOnlyFromAmong([.. AllRows.Names]);
        var root = new RootCommand("Measures Indii Music against its targets (docs/performance.md).");
        root.Options.Add(RowNames);
        root.Options.Add(Seconds);
        root.Options.Add(OursOnly);
        root.Options.Add(Output);
        root.Options.Add(Folder);
        root.Options.Add(OnCluster);
        root.SetAction(MeasureAsync);

        var micro = new Command("micro", "Micro-benchmarks; what follows goes to BenchmarkDotNet.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        micro.SetAction(parsed => MicroBenchmarks.Run([.. parsed.UnmatchedTokens]));
        root.Subcommands.Add(micro);
        root.Subcommands.Add(BareServer.Command());
        return root.Parse(args).InvokeAsync();
    }

    private static async Task<int> MeasureAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var wiring = parsed.GetValue(OnCluster) ? await ClusterWiring.StartAsync() : null;
        using var data = new BenchData(parsed.GetValue(Folder), wiring);
        var settings = new BenchSettings(
            TimeSpan.FromSeconds(parsed.GetValue(Seconds)), parsed.GetValue(OursOnly), data, cancellationToken);
        var machine = Machine.Describe();
        var chosen = parsed.GetValue(RowNames) ?? [];
        var lines = new List<ResultLine>();
        foreach (var row in AllRows.Rows.Where(row =>
            (chosen.Length == 0 || chosen.Contains(row.Name)) && (wiring is not null || !row.NeedsCluster)))
        {
            await Console.Error.WriteLineAsync($"{row.Name} ...");
            lines.AddRange(await row.MeasureAsync(settings));
        }

        var table = ResultTable.Write(lines, machine);
        await Console.Out.WriteLineAsync(table);
        if (parsed.GetValue(Output) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, table, cancellationToken);
        }

        return lines.TrueForAll(static line => line.IsMet) ? 0 : 2;
    }
}
