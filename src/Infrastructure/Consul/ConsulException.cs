namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Consul did not answer, or answered that it cannot. Whether a write took effect is unknown unless
/// <see cref="NotSent"/> is set.
/// </summary>
internal sealed class ConsulException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>No connection was made, so that nothing was asked.</summary>
    public bool NotSent { get; init; }

    /// <summary>What stands in the way may pass by itself.</summary>
    public bool IsTransient { get; init; }
}
