using System.Diagnostics;

namespace IndiiMusic.Silo.Tests;

public sealed class SiloProgramTests
{
    [Fact]
    public async Task A_silo_without_a_cluster_refuses_to_start_and_says_why()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SiloHosting).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var silo = Process.Start(start)!;

        var errors = await silo.StandardError.ReadToEndAsync();
        await silo.WaitForExitAsync();

        Assert.Equal(1, silo.ExitCode);
        Assert.Contains("IndiiMusic.Standalone", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
