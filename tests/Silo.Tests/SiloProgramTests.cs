using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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

    [Fact]
    public async Task An_address_that_means_all_is_tried_on_ipv4_where_there_is_no_ipv6()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        var start = new ProcessStartInfo("dotnet", [typeof(SiloHosting).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        start.Environment["DOTNET_SYSTEM_NET_DISABLEIPV6"] = "1";
        start.Environment["INDIIMUSIC_Kestrel__Endpoints__Management__Url"] = $"http://+:{port}";
        start.Environment["INDIIMUSIC_Storage__MongoDb__ConnectionString"] = "mongodb://127.0.0.1:9/";
        start.Environment["INDIIMUSIC_Objects__S3__Bucket"] = "indii";
        start.Environment["INDIIMUSIC_Objects__S3__ServiceUrl"] = "http://127.0.0.1:9";
        using var silo = Process.Start(start)!;

        var errors = "";
        try
        {
            errors = await silo.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
            await silo.WaitForExitAsync();
        }
        finally
        {
            silo.Kill();
        }

        // Were IPv6 tried, where this port is free, the silo would start.
        Assert.Equal(1, silo.ExitCode);
        Assert.Contains($"http://+:{port}, is taken by another program", errors, StringComparison.Ordinal);
    }
}
