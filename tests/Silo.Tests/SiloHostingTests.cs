using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace IndiiMusic.Silo.Tests;

public sealed class SiloHostingTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-silo-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Two_lone_silos_live_on_one_machine_and_answer_inside_their_process_alone()
    {
        using var first = Create("a");
        using var second = Create("b");
        await first.StartAsync();
        await second.StartAsync();

        Assert.NotNull(first.Services.GetRequiredService<IGrainFactory>());
        Assert.Equal(0, first.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort);
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        Assert.DoesNotContain(listening, endpoint => endpoint.Port is 11111 or 30000
            && !endpoint.Address.Equals(IPAddress.Loopback));

        await second.StopAsync();
        await first.StopAsync();
    }

    private IHost Create(string name)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("Storage:Sqlite:File", $"{_data}/{name}.db"),
            new("Objects:Folder:Folder", $"{_data}/{name}"),
        ]);
        builder.AddIndiiSilo();
        return builder.Build();
    }
}
