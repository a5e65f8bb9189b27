using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// Ended sessions, told by the gateway that ended them to all others. Redis holds those whose access tokens may still
/// be about, for gateways that start or come back. Who cannot hear the others trusts nobody for long: it fails closed,
/// by asking the session itself.
/// </summary>
internal sealed class SharedSessions : IGatewayListener
{
    private static readonly RedisScript End = new("""
        local now = redis.call('TIME')[1]
        redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[2])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        redis.call('EXPIRE', KEYS[1], ARGV[1])
        return redis.call('PUBLISH', ARGV[3], ARGV[4])
        """);

    private static readonly RedisScript Load = new("""
        return redis.call('ZRANGEBYSCORE', KEYS[1], redis.call('TIME')[1], '+inf')
        """);

    // Nobody waits for it, and after a wave of log-outs it is long.
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(2);

    private readonly RedisConnection _redis;
    private readonly GatewayChannel _channel;
    private readonly SessionDenylist _ended;
    private readonly IOptionsMonitor<SharedSessionOptions> _options;
    private readonly TimeProvider _time;

    public SharedSessions(
        RedisConnection redis,
        GatewayChannel channel,
        SessionDenylist ended,
        IOptionsMonitor<SharedSessionOptions> options,
        TimeProvider time)
    {
        (_redis, _channel, _ended, _options, _time) = (redis, channel, ended, options, time);
    }

    /// <inheritdoc/>
    public GatewayMessageKind Kind => GatewayMessageKind.SessionEnded;

    /// <summary>Whether log-outs at other gateways are heard here.</summary>
    public bool IsHearing => _channel.IsHearing;

    private RedisKey Key => _redis.Key("ended-sessions");

    /// <summary>
    /// Whether a session that was found active then may still be taken for active. After a gap each is asked again, as
    /// what ended in it may not have been told yet.
    /// </summary>
    /// <param name="checkedAt">When it was asked: a timestamp of the clock.</param>
    public bool MayTrust(long checkedAt)
    {
        var options = _options.CurrentValue;
        var age = _time.GetElapsedTime(checkedAt);
        if (age <= options.TrustedForUnheard)
            return true;
        if (_channel.IsHearing)
            return checkedAt >= _channel.HearsSince && age <= options.TrustedFor;
        RedisMetrics.Fallbacks.WithLabels("sessions").Inc();
        return false;
    }

    /// <summary>Tells all gateways; later, where Redis is away.</summary>
    public ValueTask TellAsync(Guid sessionId) => _channel.TellAsync(
        Kind, sessionId, End, Key, (long)_ended.KeptFor.TotalSeconds, sessionId.ToByteArray(bigEndian: true));

    /// <inheritdoc/>
    public void Take(Guid id) => _ended.Add(id);

    /// <inheritdoc/>
    public async Task MakeUpAsync()
    {
        var answer = await _redis.CallAsync(
            "load-sessions", Key, static (database, key) => Load.RunAsync(database, [key], []), LoadTimeout);
        if (!answer.IsAnswered)
            throw new TimeoutException("Redis did not say which sessions have ended.");
        foreach (var id in (RedisValue[])answer.Value!)
            _ended.Add(new Guid((byte[])id!, bigEndian: true));
    }
}
