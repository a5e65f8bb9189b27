using System.Diagnostics;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>The program helm, where tests/servers.sh puts it.</summary>
internal static class Helm
{
    /// <summary>The chart's folder.</summary>
    public static string Chart { get; } = Repository.PathOf("helm/indiimusic");

    private static string Program { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "indiimusic-tests", "helm", "helm");

    /// <summary>The path of one of the four sets of values in the chart's folder <c>ci</c>.</summary>
    public static string ValuesFile(string set) => Path.Combine(Chart, "ci", $"{set}-values.yaml");

    /// <summary>What helm prints; it must succeed.</summary>
    public static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var (exitCode, output, errors) = await TryAsync(arguments);
        Assert.True(exitCode == 0, $"helm {string.Join(' ', arguments)}\n{errors}{output}");
        return output;
    }

    /// <summary>What helm says, however it ends.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> TryAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Whatever cluster the machine's owner works with is none of the tests' business.
        start.Environment["KUBECONFIG"] = "/dev/null";
        using var helm = Process.Start(start)!;
        var errors = helm.StandardError.ReadToEndAsync();
        var output = await helm.StandardOutput.ReadToEndAsync();
        await helm.WaitForExitAsync();
        return (helm.ExitCode, output, await errors);
    }
}
