using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.ObjectStorage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

/// <summary>Where listeners are sent changes while the program runs; no server is needed to say so.</summary>
public sealed class S3LiveSettingsTests
{
    [Fact]
    public async Task Redirects_change_while_the_program_runs()
    {
        var live = new LiveSettingsSource();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Objects:S3:Bucket", "indii"),
                new("Objects:S3:ServiceUrl", "http://127.0.0.1:1"),
                new("Objects:S3:ForcePathStyle", "true"),
                new("Objects:S3:AccessKey", "key"),
                new("Objects:S3:SecretKey", "secret"),
            ])
            .Add(live)
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddS3ObjectStore()
            .BuildServiceProvider();
        var objects = services.GetRequiredService<IObjectStore>();
        Assert.Null(await LinkAsync());

        live.Take(Settings("Presigned", ("PresignedUrlLifetime", "00:00:30")));
        var presigned = await LinkAsync();
        Assert.Contains("X-Amz-Expires=30", presigned!.Address.Query, StringComparison.Ordinal);

        live.Take(Settings("Cdn", ("CdnBaseUrl", "https://media.example.org")));
        Assert.Equal(new Uri("https://media.example.org/audio/one"), (await LinkAsync())!.Address);

        live.Take(new Dictionary<string, string?>());
        Assert.Null(await LinkAsync());

        Task<ObjectLink?> LinkAsync() => objects.FindLinkAsync("audio/one", "audio/flac", isForAll: true);
    }

    private static Dictionary<string, string?> Settings(string redirect, (string Key, string Value) further) => new()
    {
        ["Objects:S3:Redirect"] = redirect,
        [$"Objects:S3:{further.Key}"] = further.Value,
    };
}
