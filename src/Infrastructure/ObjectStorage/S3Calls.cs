using System.Diagnostics;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Grains.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// Makes requests to S3: each attempt with a time limit, again with jitter while S3 is in trouble, and not at all for a
/// while once most attempts failed, so that callers hear within milliseconds that it is away. Everything that goes
/// through here can be done twice: the same bytes under the same name, a question, a removal.
/// </summary>
internal sealed partial class S3Calls
{
    private readonly ILogger<S3Calls> _logger;
    private readonly TimeSpan _attemptTimeout;
    private readonly long _uploadBytesPerSecondMin;
    private readonly ResiliencePipeline _once;
    private readonly ResiliencePipeline _again;

    public S3Calls(IOptions<S3Options> options, TimeProvider time, ILogger<S3Calls> logger)
    {
        _logger = logger;
        var settings = options.Value;
        _attemptTimeout = settings.AttemptTimeout;
        _uploadBytesPerSecondMin = settings.UploadBytesPerSecondMin;
        var inTrouble = new PredicateBuilder().Handle<S3OutageException>();
        _once = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(Breaker(settings, inTrouble))
            .Build();
        var again = new ResiliencePipelineBuilder { TimeProvider = time };
        if (settings.RetriesMax > 0)
        {
            again.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = inTrouble,
                MaxRetryAttempts = settings.RetriesMax,
                Delay = settings.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            });
        }

        _again = again.AddPipeline(_once).Build();
    }

    /// <summary>Makes a request, and makes it again while S3 is in trouble.</summary>
    /// <param name="operation">Its name in metrics and messages.</param>
    /// <param name="call">Makes it; it may be called several times.</param>
    /// <param name="cancellationToken">Stops all of it.</param>
    /// <param name="bodyBytes">How much it sends, which may take its time.</param>
    /// <exception cref="ObjectStoreUnavailableException">S3 gave no answer, or refuses.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">
    /// The answer belongs to the question: <see cref="S3FailureKind.Answer"/>.
    /// </exception>
    public Task<T> RunAsync<T>(
        string operation,
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken,
        long bodyBytes = 0) =>
        RunAsync(_again, operation, call, TimeFor(bodyBytes), cancellationToken);

    /// <summary>Makes a request once, for those who ask often: whether S3 is there.</summary>
    /// <inheritdoc cref="RunAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken, long)"/>
    public Task<T> TryAsync<T>(
        string operation, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(_once, operation, call, _attemptTimeout, cancellationToken);

    private TimeSpan TimeFor(long bodyBytes) =>
        _attemptTimeout + TimeSpan.FromSeconds((double)bodyBytes / _uploadBytesPerSecondMin);

    private static async Task<T> RunAsync<T>(
        ResiliencePipeline pipeline,
        string operation,
        Func<CancellationToken, Task<T>> call,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                static async (state, token) => await AttemptAsync(state.operation, state.call, state.timeout, token)
                    .ConfigureAwait(false),
                (operation, call, timeout),
                cancellationToken).ConfigureAwait(false);
        }
        catch (S3OutageException failure)
        {
            throw new ObjectStoreUnavailableException(failure.Message, failure.InnerException);
        }
        catch (BrokenCircuitException failure)
        {
            throw new ObjectStoreUnavailableException("S3 failed repeatedly and is given a break.", failure);
        }
    }

    private static async Task<T> AttemptAsync<T>(
        string operation, Func<CancellationToken, Task<T>> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeout);
        var started = Stopwatch.GetTimestamp();
        using var span = Spans.Start("s3 request");
        span?.SetTag("rpc.system.name", "aws-api").SetTag("rpc.method", operation);
        try
        {
            return await call(limited.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever came of it, the caller has hung up.
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception failure) when (S3Failures.KindOf(failure) is { } kind and not S3FailureKind.Answer)
        {
            span.Fail(failure);
            var reason = limited.IsCancellationRequested ? "no answer in time" : S3Failures.Describe(failure);
            if (kind == S3FailureKind.Refusal && !limited.IsCancellationRequested)
            {
                S3Metrics.Failures.WithLabels(operation, "refused").Inc();
                throw new ObjectStoreUnavailableException(
                    $"S3 refuses ({operation}: {reason}). Its bucket, region and keys in {S3Options.Section} must fit, "
                    + "and the keys must be allowed to get, put, delete and list.",
                    failure);
            }

            S3Metrics.Failures.WithLabels(operation, "unavailable").Inc();
            throw new S3OutageException($"S3 does not take or answer requests now ({operation}: {reason}).", failure);
        }
        finally
        {
            S3Metrics.RequestSeconds.WithLabels(operation).Observe(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private CircuitBreakerStrategyOptions Breaker(S3Options settings, PredicateBuilder<object> inTrouble) => new()
    {
        ShouldHandle = inTrouble,
        FailureRatio = settings.BreakerFailureRatio,
        MinimumThroughput = settings.BreakerMinimumAttempts,
        SamplingDuration = settings.BreakerSamplingTime,
        BreakDuration = settings.BreakTime,
        OnOpened = opened =>
        {
            S3Metrics.BreakerState.Set(2);
            LogOpened(opened.BreakDuration, opened.Outcome.Exception?.Message);
            return default;
        },
        OnHalfOpened = _ =>
        {
            S3Metrics.BreakerState.Set(1);
            return default;
        },
        OnClosed = _ =>
        {
            S3Metrics.BreakerState.Set(0);
            LogClosed();
            return default;
        },
    };
}
