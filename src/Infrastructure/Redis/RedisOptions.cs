using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>The Redis that gateways share: cache, rate limits, ended sessions.</summary>
public sealed class RedisOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Redis";

    /// <summary>
    /// The servers, such as <c>redis-0:6379,redis-1:6379</c>; further settings in the form of StackExchange.Redis may
    /// follow. Those below have the last word.
    /// </summary>
    [Secret]
    public string ConnectionString { get; set; } = "";

    /// <summary>The user; none for Redis's default user.</summary>
    public string? User { get; set; }

    /// <summary>The password. No message repeats it.</summary>
    [Secret]
    public string? Password { get; set; }

    /// <summary>Whether the connection is encrypted; nothing for what the connection string says.</summary>
    public bool? Tls { get; set; }

    /// <summary>What every key and channel begins with; the gateways of one installation have the same.</summary>
    [RegularExpression("^[A-Za-z0-9:._-]{0,100}$")]
    public string KeyPrefix { get; set; } = "indiimusic:";

    /// <summary>How long a connection may take to come about.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long anything may wait for Redis before it goes on without.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:10")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two attempts to connect again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan ReconnectDelayMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long nobody asks a Redis that failed; then one command is let through to try.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan BreakTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a gateway sends itself a message through Redis, which shows that it hears the others.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// How old the newest such message may be until the gateway takes itself to be deaf; at least twice
    /// <see cref="BeatInterval"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan DeafAfter { get; set; } = TimeSpan.FromSeconds(1);
}
