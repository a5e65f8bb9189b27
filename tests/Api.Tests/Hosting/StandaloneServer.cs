using IndiiMusic.Api.Listeners;
using IndiiMusic.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.Hosting;

/// <summary>
/// The whole Standalone in this process, on real sockets with ports that the kernel picks, with data in a folder of its
/// own that goes when it goes. Share one per collection through <see cref="StandaloneCollection"/>.
/// </summary>
public class StandaloneServer : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-test-").FullName;
    private StandaloneApplication? _standalone;

    /// <summary>Where the gateway answers, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Where health and metrics answer, without a slash at the end.</summary>
    public string ManagementAddress { get; private set; } = "";

    /// <summary>What the program itself uses: grains, ports, options.</summary>
    public IServiceProvider Services => _standalone!.Host.Services;

    /// <summary>The folder of its data.</summary>
    public string DataPath => _data;

    /// <summary>Grain calls past the gateway.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Further configuration, as <c>--Key:Path=value</c>.</summary>
    protected virtual string[] Settings => [];

    /// <summary>
    /// All tests come from one address, which must not be limited; tests of live settings leave the command line's last
    /// word to those.
    /// </summary>
    protected virtual string[] Budgets =>
    [
        "--RateLimits:AnonymousBurst=100000",
        "--RateLimits:UserBurst=100000",
        "--RateLimits:HubBurst=100000",
        "--RateLimits:LogInsPerMinute=10000",
        "--RateLimits:LogInsPerAddressPerMinute=10000",
    ];

    /// <summary>Adds routes that only a test needs.</summary>
    protected virtual void Map(WebApplication app)
    {
    }

    /// <summary>A client with a connection pool of its own, based at the gateway.</summary>
    public HttpClient CreateClient() => new() { BaseAddress = new Uri(Address) };

    public async Task InitializeAsync()
    {
        _standalone = StandaloneApplication.Create([
            $"--Data:Path={_data}",
            "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:Management:Url=http://127.0.0.1:0",
            // Tests make many users; what a hash costs is tested where it is made.
            "--Auth:Passwords:Iterations=1000",
            .. Budgets,
            .. Settings,
        ]);
        Map((WebApplication)_standalone.Host);
        await _standalone.StartAsync();
        var addresses = Services.GetRequiredService<ListenerAddresses>();
        (Address, ManagementAddress) = (addresses.Public[0], addresses.Management[0]);
    }

    public async Task DisposeAsync()
    {
        if (_standalone is not null)
        {
            if (Address.Length > 0)
                await _standalone.Host.StopAsync();

            await _standalone.DisposeAsync();
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
