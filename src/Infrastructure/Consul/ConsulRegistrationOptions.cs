using System.ComponentModel.DataAnnotations;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>How this process stands in Consul's catalog of services.</summary>
public sealed class ConsulRegistrationOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Registration";

    /// <summary>
    /// The service's name, which resolves as <c>&lt;name&gt;.service.consul</c>; by default the program's own, such as
    /// <c>indii-api</c>.
    /// </summary>
    public string? ServiceName { get; set; }

    /// <summary>Tells instances apart; by default name, host and port.</summary>
    public string? ServiceId { get; set; }

    /// <summary>
    /// Where callers reach this process. By default Consul's agent's own address when the agent runs on this machine,
    /// and else the address from which this machine reaches the agent.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>The port where callers reach this process; null for the first one that it listens on.</summary>
    [Range(1, 65_535)]
    public int? Port { get; set; }

    /// <summary>
    /// What the agent asks to see whether this process can work; by default <c>/health/ready</c> on that address and
    /// port.
    /// </summary>
    public Uri? HealthUrl { get; set; }

    /// <summary>How often the agent asks, and how often this process looks whether the agent lists it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the agent waits for an answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// When the agent forgets a process that died without a word. Consul takes no less than a minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan DeregisterCriticalServiceAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Words that callers may choose by.</summary>
    public IList<string> Tags { get; set; } = [];

    /// <summary>What attributes cannot say: a line for each thing to mend.</summary>
    internal IEnumerable<string> Problems()
    {
        if (ServiceName is { Length: > 0 } name && !IsLabel(name))
        {
            yield return
                $"{Section}:{nameof(ServiceName)} is '{name}'; it may have 63 letters, digits and inner hyphens.";
        }

        if (HealthUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is ("http" or "https")))
        {
            yield return
                $"{Section}:{nameof(HealthUrl)} is '{url}'; it may be like http://10.0.0.5:5081/health/ready.";
        }
    }

    // Another name would be listed, and would not resolve.
    private static bool IsLabel(string name) =>
        name.Length <= 63 && name[0] != '-' && name[^1] != '-'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
