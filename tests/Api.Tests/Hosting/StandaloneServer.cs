using IndiiMusic.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.Hosting;

/// <summary>
/// The whole Standalone in this process, on real sockets with ports that the kernel picks, with data in a folder of its
/// own that goes when it goes. Share one per collection through <see cref="StandaloneCollection"/>.
/// </summary>
public class StandaloneServer : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-test-").FullName;
    private WebApplication? _app;

    /// <summary>Where the gateway answers, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What the program itself uses: grains, ports, options.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>Grain calls past the gateway.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Further configuration, as <c>--Key:Path=value</c>.</summary>
    protected virtual string[] Settings => [];

    /// <summary>A client with a connection pool of its own, based at the gateway.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = new Uri(Address) };

    public async Task InitializeAsync()
    {
        _app = StandaloneApplication.Create([
            $"--Data:Path={_data}",
            "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:Management:Url=http://127.0.0.1:0",
            .. Settings,
        ]);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = addresses.First(address => address.StartsWith("http://127.0.0.1:", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }
}

/// <summary>Test classes marked [Collection(StandaloneCollection.Name)] share one server.</summary>
[CollectionDefinition(Name)]
public sealed class StandaloneCollection : ICollectionFixture<StandaloneServer>
{
    public const string Name = "standalone";
}
