using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace IndiiMusic.Bench.Micro;

/// <summary>Runs the micro-benchmarks in this process, in about a minute.</summary>
internal static class MicroBenchmarks
{
    public static void Run(string[] args)
    {
        string[] all = ["--filter", "*"];
        var config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "indii-bench-micro"));
        BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(args.Length == 0 ? all : args, config);
    }
}
