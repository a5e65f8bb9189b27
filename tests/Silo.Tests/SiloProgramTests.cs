using System.Diagnostics;

namespace IndiiMusic.Silo.Tests;

public sealed class SiloProgramTests
{
    [Fact]
    public async Task A_silo_that_is_set_up_wrongly_refuses_to_start_and_tells_everything_at_once()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SiloHosting).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        start.Environment["INDIIMUSIC_Streams__Provider"] = "Pigeons";
        start.Environment["INDIIMUSIC_Silo__Address"] = "0.0.0.0";
        start.Environment["INDIIMUSIC_Silo__GatewayPort"] = "70000";
        start.Environment["INDIIMUSIC_Consul__Address"] = "ftp://consul";
        using var silo = Process.Start(start)!;

        var errors = await silo.StandardError.ReadToEndAsync();
        await silo.WaitForExitAsync();

        Assert.Equal(1, silo.ExitCode);
        foreach (var key in (string[])
            ["Streams:Provider", "Silo:Address", "Silo:GatewayPort", "Consul:Address", "Storage:MongoDb:ConnectionString"])
        {
            Assert.Contains(errors.Split('\n'), line => line.StartsWith(key, StringComparison.Ordinal));
        }
    }
}
