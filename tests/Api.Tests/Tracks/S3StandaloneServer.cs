using Amazon.S3;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.TestServers;

namespace IndiiMusic.Api.Tests.Tracks;

/// <summary>Test classes marked [Collection(S3StandaloneCollection.Name)] share one program and one S3 server.</summary>
[CollectionDefinition(Name)]
public sealed class S3StandaloneCollection : ICollectionFixture<S3StandaloneServer>
{
    public const string Name = "standalone on S3";
}

/// <summary>Standalone with its audio and pictures in a real S3 server.</summary>
public sealed class S3StandaloneServer : StandaloneServer, IAsyncLifetime
{
    public const string Bucket = "indiimusic-api-tests";

    private AmazonS3Client? _client;

    /// <summary>The S3 server.</summary>
    public CephServer S3 { get; private set; } = null!;

    /// <summary>Talks to the S3 server itself.</summary>
    public AmazonS3Client Client => _client ??= new AmazonS3Client(
        S3.AccessKey,
        S3.SecretKey,
        new AmazonS3Config { ServiceURL = S3.Address, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    protected override string[] Settings =>
    [
        "--Objects:Provider=S3",
        $"--Objects:S3:Bucket={Bucket}",
        "--Objects:S3:CreateBucket=true",
        $"--Objects:S3:ServiceUrl={S3.Address}",
        "--Objects:S3:ForcePathStyle=true",
        $"--Objects:S3:AccessKey={S3.AccessKey}",
        $"--Objects:S3:SecretKey={S3.SecretKey}",

        // A stopped server refuses at once; a slow one is a busy machine, and none of these tests' business.
        "--Objects:S3:AttemptTimeout=00:00:30",
        "--Objects:S3:BreakTime=00:00:00.500",
        "--Objects:S3:HealthInterval=00:00:00",
    ];

    async Task IAsyncLifetime.InitializeAsync()
    {
        S3 = await CephServer.LaunchAsync();
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        _client?.Dispose();
        await S3.DisposeAsync();
    }
}
