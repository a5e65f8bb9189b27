using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>The clients of one bucket's server. Making them connects to nothing.</summary>
internal sealed class S3Clients : IDisposable
{
    // A service name may lead elsewhere after a while; connections that live for ever would never notice.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly AmazonS3Client? _signer;

    public S3Clients(IOptions<S3Options> options)
    {
        var settings = options.Value;
        Server = Create(settings, settings.ServiceUrl);
        if (!string.IsNullOrEmpty(settings.PresignedServiceUrl))
            _signer = Create(settings, settings.PresignedServiceUrl);
    }

    /// <summary>Talks to the server.</summary>
    public AmazonS3Client Server { get; }

    /// <summary>Signs addresses for listeners, who may know the server by another name. It never connects.</summary>
    public AmazonS3Client Signer => _signer ?? Server;

    public void Dispose()
    {
        Server.Dispose();
        _signer?.Dispose();
    }

    private static AmazonS3Client Create(S3Options settings, string? address)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = settings.ForcePathStyle,

            // Many servers know no checksum trailers. What is sent is signed with its SHA-256, which they all check.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,

            // Attempts, and the time for each, are the business of S3Calls alone.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            HttpClientFactory = new Connections(settings.ConnectTimeout),
        };
        if (string.IsNullOrEmpty(address))
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }
        else
        {
            config.ServiceURL = address;
            config.AuthenticationRegion = string.IsNullOrEmpty(settings.Region) ? "us-east-1" : settings.Region;
        }

        return string.IsNullOrEmpty(settings.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }

    private sealed class Connections(TimeSpan connectTimeout) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = connectTimeout,
                PooledConnectionLifetime = ConnectionLifetime,
                UseCookies = false,
            };
            return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        }
    }
}
