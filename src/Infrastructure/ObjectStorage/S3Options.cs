using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Audio, artwork and avatars in a bucket of S3, or of a server that speaks its protocol.</summary>
public sealed class S3Options
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Objects:S3";

    /// <summary>The bucket. Nothing else may be kept in it under <see cref="KeyPrefix"/>.</summary>
    [Required]
    [RegularExpression(
        "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        ErrorMessage = "The field {0} must be 3 to 63 lower-case letters, digits, '.' and '-', such as indii-music.")]
    public string Bucket { get; set; } = "";

    /// <summary>The server, such as <c>http://ceph:7480</c>; none for Amazon's own in <see cref="Region"/>.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>The region, such as <c>eu-central-1</c>; servers of one's own seldom ask for one.</summary>
    public string? Region { get; set; }

    /// <summary>
    /// The access key; none for what the machine itself has: environment, web identity, or the role of its instance.
    /// </summary>
    public string? AccessKey { get; set; }

    /// <summary>The secret that belongs to <see cref="AccessKey"/>.</summary>
    [Secret]
    public string? SecretKey { get; set; }

    /// <summary>
    /// Whether the bucket is named in the path and not in the host name; servers of one's own mostly need it.
    /// </summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>What every key begins with, such as <c>music/</c>.</summary>
    [RegularExpression(
        "^([a-z0-9][a-z0-9.-]{0,99}/){0,4}$",
        ErrorMessage = "The field {0} must be names of lower-case letters, digits, '.' and '-', each with '/' behind.")]
    public string KeyPrefix { get; set; } = "";

    /// <summary>Makes the bucket when it is not there; otherwise its absence stops the start.</summary>
    public bool CreateBucket { get; set; }

    /// <summary>
    /// Bytes of one part of an upload. A writer holds two of them in memory at most; what is smaller goes as one
    /// request.
    /// </summary>
    [Range(5 * 1024 * 1024, 512 * 1024 * 1024)]
    public int PartSizeBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long a connection may take to come about.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one attempt may wait for the answer's head; the time to send a body comes on top.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a body that is being read may bring nothing before it counts as broken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes a second that an upload makes at least: a part's size by this is how long it may take.</summary>
    [Range(1024, int.MaxValue)]
    public int UploadBytesPerSecondMin { get; set; } = 256 * 1024;

    /// <summary>Further attempts after one to which S3 gave no answer.</summary>
    [Range(0, 10)]
    public int RetriesMax { get; set; } = 2;

    /// <summary>The pause before the first further attempt; it doubles each time, with jitter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:30")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many times a body that breaks off is taken up again where it broke.</summary>
    [Range(0, 100)]
    public int ResumesMax { get; set; } = 5;

    /// <summary>The share of failed attempts from which S3 is given a break.</summary>
    [Range(0.01, 1)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Attempts within <see cref="BreakerSamplingTime"/> below which the share says nothing.</summary>
    [Range(2, 10_000)]
    public int BreakerMinimumAttempts { get; set; } = 3;

    /// <summary>Over how long the share is taken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakerSamplingTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a break lasts: calls fail at once, then one is let through to try.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How old the answer to a question after S3's health may be.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    [Live]
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether listeners fetch audio from elsewhere than the gateway.</summary>
    [Live]
    public S3Redirect Redirect { get; set; }

    /// <summary>How long a presigned address works.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "12:00:00")]
    [Live]
    public TimeSpan PresignedUrlLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The server's address as listeners reach it, for when that is not <see cref="ServiceUrl"/>. A signature holds for
    /// one host name only.
    /// </summary>
    public string? PresignedServiceUrl { get; set; }

    /// <summary>Where a content delivery network serves the bucket, such as <c>https://media.example.org</c>.</summary>
    [Live]
    public string? CdnBaseUrl { get; set; }
}

/// <summary>Where listeners fetch audio.</summary>
public enum S3Redirect
{
    /// <summary>From the gateway, which passes it through.</summary>
    None = 0,

    /// <summary>From S3 itself, by an address that carries a signature and works for a short time.</summary>
    Presigned = 1,

    /// <summary>
    /// Public tracks from a content delivery network, by an address that works for everybody; all others from the
    /// gateway.
    /// </summary>
    Cdn = 2,
}
