using System.Globalization;
using IndiiMusic.Bench.Measuring;
using IndiiMusic.Infrastructure.Clustering;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.TestServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IndiiMusic.Bench.Hosting;

/// <summary>Silos as processes of their own, and a client of theirs in this one.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly List<ProgramProcess> _silos;
    private readonly IHost _client;

    private BenchCluster(List<ProgramProcess> silos, IHost client) => (_silos, _client) = (silos, client);

    public IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts so many silos on data of their own.</summary>
    public static async Task<BenchCluster> StartAsync(BenchSettings settings, int silos)
    {
        var objects = settings.Data.Create();
        ClusterWiring.Set("Cluster:ClusterId", Path.GetFileName(objects));
        var processes = Enumerable.Range(0, silos).Select(_ => Silo(objects)).ToList();
        await Task.WhenAll(processes.Select(silo => silo.StartAsync()));

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddEnvironmentVariables("INDIIMUSIC_");
        builder.UseOrleansClient(client =>
        {
            client.Services.AddClusterIdentity(builder.Configuration);
            client.UseConsulClustering();
        });
        var host = builder.Build();
        await host.StartAsync();
        return new BenchCluster(processes, host);
    }

    /// <summary>What the silos count, added up over them and over labels, by the name of the figure.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadFiguresAsync()
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var silo in _silos)
        {
            foreach (var line in (await silo.MetricsAsync()).Split('\n'))
            {
                var name = line.Split('{', ' ')[0];
                if (line is ['#', ..] or [] || !double.TryParse(
                    line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out var value))
                {
                    continue;
                }

                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }

        return sums;
    }

    /// <summary>What the silos have used of the processors so far.</summary>
    public TimeSpan ProcessorTime() => _silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.ProcessorTime());

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    private static ProgramProcess Silo(string objects)
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        return new ProgramProcess("IndiiMusic.Silo", management, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Kestrel:Endpoints:Management:Url"] = management,
            ["Silo:SiloPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Silo:GatewayPort"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            ["Objects:Provider"] = "Folder",
            ["Objects:Folder:Folder"] = objects,
            ["Registration:Provider"] = "None",
        });
    }
}
