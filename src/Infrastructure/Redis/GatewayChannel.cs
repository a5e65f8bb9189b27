using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>
/// What gateways tell each other through Redis's publish and subscribe, which forgets whoever is not there at the
/// moment. So a gateway has to know whether it hears: it sends itself a beat through Redis again and again. All goes
/// over one channel, and Redis keeps the order: who has heard its own beat has heard all that was told before it was
/// sent. After a gap, what may have been missed is made up (<see cref="IGatewayListener.MakeUpAsync"/>) before the
/// gateway counts as hearing again.
/// </summary>
public sealed partial class GatewayChannel : BackgroundService
{
    /// <summary>Messages that wait for Redis to come back at most; the oldest go first.</summary>
    public const int UntoldMax = 10_000;

    private readonly RedisConnection _redis;
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<GatewayChannel> _logger;
    private readonly Guid _gatewayId = Guid.CreateVersion7();
    private readonly IServiceProvider _services;
    private readonly ConcurrentQueue<Func<IDatabase, Task<bool>>> _untold = new();
    private readonly TaskCompletionSource _heardFirst = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _lock = new();
    private long _gapEndsAfter;
    private bool _isMakingUp;
    private volatile bool _isWhole;
    private volatile bool _hasWaited;
    private long _heardAt;
    private long _wholeSince;
    private IReadOnlyList<IGatewayListener> _listeners = [];

    public GatewayChannel(
        RedisConnection redis,
        IServiceProvider services,
        IOptions<RedisOptions> options,
        TimeProvider time,
        ILogger<GatewayChannel> logger)
    {
        _services = services;
        _redis = redis;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _gapEndsAfter = time.GetTimestamp();
    }

    /// <summary>Whether all that other gateways told until a moment ago has arrived here.</summary>
    public bool IsHearing => _isWhole && Age(Interlocked.Read(ref _heardAt)) <= _options.DeafAfter;

    /// <summary>While it hears: since when without a gap, as a timestamp of the clock.</summary>
    public long HearsSince => Interlocked.Read(ref _wholeSince);

    private RedisChannel Channel => RedisChannel.Literal(_redis.Prefix + "gateways:v1");

    /// <summary>
    /// Tells all gateways, this one included, and writes what belongs to it in the same step. While Redis is away it is
    /// kept and told later.
    /// </summary>
    /// <param name="kind">What happened.</param>
    /// <param name="id">To whom.</param>
    /// <param name="write">Writes, then publishes its last two arguments: channel and message.</param>
    /// <param name="key">What it writes.</param>
    /// <param name="arguments">Its further arguments, which come first.</param>
    public async ValueTask TellAsync(
        GatewayMessageKind kind, Guid id, RedisScript write, RedisKey key, params RedisValue[] arguments)
    {
        RedisKey[] keys = [key];
        RedisValue[] values = [.. arguments, (string)Channel!, new GatewayMessage(kind, id).Encode()];
        Func<IDatabase, Task<bool>> tell = async database =>
        {
            await write.RunAsync(database, keys, values).ConfigureAwait(false);
            return true;
        };
        if (await TryTellAsync(tell).ConfigureAwait(false))
            return;
        if (_untold.Count >= UntoldMax)
            _untold.TryDequeue(out _);
        _untold.Enqueue(tell);
        RedisMetrics.Untold.Set(_untold.Count);
    }

    /// <summary>Starts, and waits a moment for Redis, so that the first requests find it if it is there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Only now, because those who listen also tell, and are made with this channel.
        _listeners = [.. _services.GetServices<IGatewayListener>()];
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
        await _heardFirst.Task.WaitAsync(_options.ConnectTimeout, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _hasWaited = true;
        Report();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = await ListenAsync(stoppingToken).ConfigureAwait(false);
        queue?.OnMessage(message => Hear(message.Message));
        using var beats = new PeriodicTimer(_options.BeatInterval, _time);
        try
        {
            do
                await BeatAsync().ConfigureAwait(false);
            while (await beats.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    /// <summary>
    /// Subscribes; tried again until it is done. From then on the connection renews the subscription by itself.
    /// </summary>
    private async Task<ChannelMessageQueue?> ListenAsync(CancellationToken stoppingToken)
    {
        var isWatched = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var multiplexer = await _redis.ConnectAsync().ConfigureAwait(false);
                if (!isWatched)
                {
                    multiplexer.ConnectionFailed += OnConnectionChanged;
                    multiplexer.ConnectionRestored += OnConnectionChanged;
                    isWatched = true;
                }

                return await multiplexer.GetSubscriber().SubscribeAsync(Channel).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                LogNotListening(failure);
                await Task.Delay(_options.BeatInterval, _time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    private void OnConnectionChanged(object? sender, ConnectionFailedEventArgs change) => BeginGap();

    private async Task BeatAsync()
    {
        if (_isWhole && !IsHearing)
            BeginGap();
        var beat = new GatewayMessage(GatewayMessageKind.Beat, _gatewayId, _time.GetTimestamp()).Encode();
        await _redis.CallAsync(
            "beat", (Channel, beat), static (database, it) => database.PublishAsync(it.Channel, it.beat))
            .ConfigureAwait(false);
        Report();
        while (IsHearing && _untold.TryPeek(out var tell) && await TryTellAsync(tell).ConfigureAwait(false))
            _untold.TryDequeue(out _);
        RedisMetrics.Untold.Set(_untold.Count);
    }

    private async ValueTask<bool> TryTellAsync(Func<IDatabase, Task<bool>> tell) =>
        (await _redis.CallAsync("tell", tell, static (database, it) => it(database)).ConfigureAwait(false)).IsAnswered;

    private void Hear(RedisValue value)
    {
        if (GatewayMessage.Decode(value) is not { } message)
            return;
        if (message.Kind == GatewayMessageKind.Beat)
        {
            if (message.Id == _gatewayId)
                OnBeat(message.SentAt);
            return;
        }

        foreach (var listener in _listeners)
        {
            if (listener.Kind != message.Kind)
                continue;
            RedisMetrics.Messages.WithLabels(message.Kind.ToString()).Inc();
            try
            {
                listener.Take(message.Id);
            }
            catch (Exception failure)
            {
                // One listener that fails must not make this gateway deaf to all that comes after.
                LogNotTaken(failure);
            }
        }
    }

    private void BeginGap()
    {
        lock (_lock)
        {
            _isWhole = false;
            _gapEndsAfter = _time.GetTimestamp();
        }
    }

    private void OnBeat(long sentAt)
    {
        lock (_lock)
        {
            // A beat from before the gap says nothing about what came in it.
            if (sentAt < _gapEndsAfter)
                return;
            Interlocked.Exchange(ref _heardAt, sentAt);
            if (_isWhole || _isMakingUp)
                return;
            _isMakingUp = true;
        }

        _ = MakeUpAsync(sentAt);
    }

    private async Task MakeUpAsync(long heardAt)
    {
        var isMadeUp = false;
        try
        {
            await Task.WhenAll(_listeners.Select(listener => Task.Run(listener.MakeUpAsync))).ConfigureAwait(false);
            isMadeUp = true;
        }
        catch (Exception failure)
        {
            LogNotMadeUp(failure);
        }

        lock (_lock)
        {
            _isMakingUp = false;

            // When another gap began meanwhile, the next beat begins anew.
            if (!isMadeUp || heardAt < _gapEndsAfter)
                return;
            Interlocked.Exchange(ref _wholeSince, _time.GetTimestamp());
            _isWhole = true;
        }

        _heardFirst.TrySetResult();
        Report();
    }

    private void Report()
    {
        var isUp = IsHearing && _redis.IsAnswering;

        // That it was not reached within the first moment of a start is no news yet.
        if (!isUp && !_hasWaited)
            return;
        _redis.Report(isUp, isUp ? "" : _redis.IsAnswering
            ? "Messages of other gateways do not come through."
            : "It does not answer.");
    }

    private TimeSpan Age(long timestamp) => _time.GetElapsedTime(timestamp);
}

/// <summary>Hears one kind of message. Those that the container has are found when the channel starts.</summary>
public interface IGatewayListener
{
    /// <summary>What it hears.</summary>
    GatewayMessageKind Kind { get; }

    /// <summary>
    /// Takes a message's id. Called for one after the other, in the order of sending; it must not wait.
    /// </summary>
    void Take(Guid id);

    /// <summary>
    /// Makes up for messages that were missed. Messages may come while it runs. When it fails, it is called again.
    /// </summary>
    Task MakeUpAsync();
}
