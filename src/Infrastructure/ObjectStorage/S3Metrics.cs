using Prometheus;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>What the S3 client tells Prometheus.</summary>
internal static class S3Metrics
{
    public static readonly Histogram RequestSeconds = Metrics.CreateHistogram(
        "indiimusic_s3_request_duration_seconds",
        "Time until S3 answered one attempt, without the time to read a body.",
        ["operation"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });

    public static readonly Counter Failures = Metrics.CreateCounter(
        "indiimusic_s3_request_failures_total",
        "Attempts that S3 did not answer, or answered by an error of its own or a refusal.",
        "operation",
        "kind");

    public static readonly Counter ResumedReads = Metrics.CreateCounter(
        "indiimusic_s3_resumed_reads_total",
        "Bodies that broke off and were taken up again where they broke.");

    /// <summary>Makes the series, so that the first failure is seen as a rise.</summary>
    public static void Prepare()
    {
        string[] operations =
        [
            "head_bucket", "put_bucket", "head", "get", "put", "delete",
            "initiate_upload", "upload_part", "complete_upload", "abort_upload",
        ];
        foreach (var operation in operations)
        {
            Failures.WithLabels(operation, "refused");
            Failures.WithLabels(operation, "unavailable");
        }
    }

    public static readonly Gauge BreakerState = Metrics.CreateGauge(
        "indiimusic_s3_breaker_state",
        "0 while calls go to S3, 1 while one is let through to try, 2 while all fail at once.");
}
