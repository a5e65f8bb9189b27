using System.Diagnostics;
using IndiiMusic.Grains.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>
/// The one connection of this process to Redis. It is made in the background and comes back by itself. Whoever calls
/// gets an answer within <see cref="RedisOptions.CommandTimeout"/>, or hears that there is none: no call throws because
/// Redis is away, and none waits for a Redis that failed a moment ago.
/// </summary>
public sealed partial class RedisConnection : IAsyncDisposable
{
    // A break begins when half of the commands of this time failed, and not before there were three.
    private const int BreakerCommandsMin = 3;
    private static readonly TimeSpan BreakerSampling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReconnectDelayMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250);

    private readonly RedisOptions _options;
    private readonly ILogger<RedisConnection> _logger;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly Lock _stateLock = new();
    private ConnectionMultiplexer? _multiplexer;
    private bool? _isUp;
    private string _reason = "It was not reached yet.";

    public RedisConnection(IOptions<RedisOptions> options, TimeProvider time, ILogger<RedisConnection> logger)
    {
        _options = options.Value;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Exception is not null),
                FailureRatio = 0.5,
                MinimumThroughput = BreakerCommandsMin,
                SamplingDuration = BreakerSampling,
                BreakDuration = _options.BreakTime,
                StateProvider = _breaker,
            })
            .Build();
        RedisMetrics.Up.Set(0);
    }

    /// <summary>What every key and channel begins with.</summary>
    public string Prefix => _options.KeyPrefix;

    /// <summary>Why Redis is away; null while it is not.</summary>
    public string? Problem
    {
        get
        {
            lock (_stateLock)
                return _isUp == true ? null : _reason;
        }
    }

    /// <summary>Whether commands are let through at present.</summary>
    internal bool IsAnswering => _breaker.CircuitState != CircuitState.Open && _multiplexer is { IsConnected: true };

    /// <summary>A key of this installation.</summary>
    public RedisKey Key(string name) => Prefix + name;

    /// <summary>Calls Redis.</summary>
    /// <param name="kind">What it is for, a word of few, for the metrics.</param>
    /// <param name="argument">Handed to <paramref name="call"/>, so that it need not capture.</param>
    /// <param name="call">The command.</param>
    /// <param name="timeout">How long to wait; null for <see cref="RedisOptions.CommandTimeout"/>.</param>
    public async ValueTask<RedisAnswer<TResult>> CallAsync<TArgument, TResult>(
        string kind, TArgument argument, Func<IDatabase, TArgument, Task<TResult>> call, TimeSpan? timeout = null)
    {
        if (_multiplexer is not { } multiplexer)
            return default;
        var context = ResilienceContextPool.Shared.Get();
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                async (_, database) =>
                    await AttemptAsync(kind, call, database, argument, timeout ?? _options.CommandTimeout)
                        .ConfigureAwait(false),
                context,
                multiplexer.GetDatabase()).ConfigureAwait(false);
            return outcome.Exception is null ? new RedisAnswer<TResult>(true, outcome.Result!) : default;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Connects. It succeeds also while no server answers; the connection then comes about later by itself.
    /// </summary>
    internal async Task<ConnectionMultiplexer> ConnectAsync() =>
        _multiplexer ??= await ConnectionMultiplexer.ConnectAsync(Configuration()).ConfigureAwait(false);

    /// <summary>Notes whether Redis is of use; the log hears of each change once.</summary>
    internal void Report(bool isUp, string reason)
    {
        lock (_stateLock)
        {
            if (_isUp == isUp)
                return;
            _isUp = isUp;
            _reason = reason;
            RedisMetrics.Up.Set(isUp ? 1 : 0);
            if (isUp)
                LogBack();
            else
                LogAway(reason);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } multiplexer)
            await multiplexer.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Outcome<TResult>> AttemptAsync<TArgument, TResult>(
        string kind,
        Func<IDatabase, TArgument, Task<TResult>> call,
        IDatabase database,
        TArgument argument,
        TimeSpan timeout)
    {
        var begunAt = Stopwatch.GetTimestamp();
        using var span = Spans.Start("redis call");
        span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", kind);
        try
        {
            return Outcome.FromResult(await call(database, argument).WaitAsync(timeout).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            RedisMetrics.Failures.WithLabels(kind).Inc();
            span.Fail(failure);
            return Outcome.FromException<TResult>(failure);
        }
        finally
        {
            RedisMetrics.CommandSeconds.WithLabels(kind).Observe(Stopwatch.GetElapsedTime(begunAt).TotalSeconds);
        }
    }

    private ConfigurationOptions Configuration()
    {
        var configuration = ConfigurationOptions.Parse(_options.ConnectionString);
        if (!string.IsNullOrEmpty(_options.User))
            configuration.User = _options.User;
        if (!string.IsNullOrEmpty(_options.Password))
            configuration.Password = _options.Password;
        if (_options.Tls is { } tls)
            configuration.Ssl = tls;
        configuration.AbortOnConnectFail = false;
        configuration.ClientName ??= "indiimusic";
        configuration.ConnectTimeout = (int)_options.ConnectTimeout.TotalMilliseconds;
        configuration.AsyncTimeout = (int)Math.Max(_options.CommandTimeout.TotalMilliseconds, 1_000);
        configuration.HeartbeatInterval = Heartbeat;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(
            (int)ReconnectDelayMin.TotalMilliseconds, (int)_options.ReconnectDelayMax.TotalMilliseconds);

        // What cannot be sent now is done without Redis; sent late it would only be work for nobody.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        return configuration;
    }
}

/// <summary>What Redis answered, if it did.</summary>
/// <param name="IsAnswered">False while Redis is away; then <paramref name="Value"/> says nothing.</param>
/// <param name="Value">The answer.</param>
public readonly record struct RedisAnswer<TResult>(bool IsAnswered, TResult Value);
