using Amazon.S3;
using Amazon.S3.Model;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.TestServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

/// <summary>Test classes marked [Collection(S3Collection.Name)] share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class S3Collection : ICollectionFixture<S3Fixture>
{
    public const string Name = "s3";
}

/// <summary>A real S3 server with one bucket.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    public const string Bucket = "indiimusic-tests";

    // The server of the tests takes parts of 64 KiB, others of 5 MiB.
    private const int SmallPartBytes = 128 * 1024;

    private S3Host? _host;
    private S3Host? _inParts;

    public CephServer Server { get; private set; } = null!;

    /// <summary>A store whose smaller objects go as one request.</summary>
    public IObjectStore Store => _host!.Store;

    /// <summary>A store whose parts are so small that most objects go in several.</summary>
    public IObjectStore InParts => _inParts!.Store;

    internal AmazonS3Client Client => _host!.Client;

    public async Task InitializeAsync()
    {
        Server = await CephServer.LaunchAsync();
        _host = await OpenAsync(options => options.CreateBucket = true);
        _inParts = await OpenAsync(
            options =>
            {
                options.PartSizeBytes = SmallPartBytes;
                options.KeyPrefix = "in/parts/";
            },
            isChecked: false);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_inParts is not null)
            await _inParts.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>A store of its own on the same bucket, started.</summary>
    internal async Task<S3Host> OpenAsync(Action<S3Options>? configure = null, bool isChecked = true)
    {
        var host = new S3Host(Server, configure, isChecked);
        await host.StartAsync();
        return host;
    }

    /// <summary>Uploads that were begun and neither finished nor given up.</summary>
    public async Task<List<string>> UnfinishedAsync()
    {
        var answer = await Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket });
        return [.. (answer.MultipartUploads ?? []).Select(upload => upload.Key)];
    }
}

/// <summary>A store as a program has it.</summary>
internal sealed class S3Host : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="server">The S3 server.</param>
    /// <param name="configure">Further options.</param>
    /// <param name="isChecked">False for options that only a test may have, such as tiny parts.</param>
    public S3Host(CephServer server, Action<S3Options>? configure = null, bool isChecked = true)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddS3ObjectStore(options =>
        {
            options.ServiceUrl = server.Address;
            options.ForcePathStyle = true;
            options.AccessKey = server.AccessKey;
            options.SecretKey = server.SecretKey;
            options.Bucket = S3Fixture.Bucket;

            // A slow answer is a busy machine; the tests of outages choose their own patience.
            options.AttemptTimeout = TimeSpan.FromSeconds(30);
            options.ReadTimeout = TimeSpan.FromSeconds(30);
            configure?.Invoke(options);
        });
        if (!isChecked)
            services.RemoveAll<IValidateOptions<S3Options>>();
        _services = services.BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public IObjectStore Store => _services.GetRequiredService<IObjectStore>();

    public AmazonS3Client Client => _services.GetRequiredService<S3Clients>().Server;

    public async Task StartAsync()
    {
        _services.GetRequiredService<IStartupValidator>().Validate();
        foreach (var service in _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
            await service.StartingAsync(default);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
