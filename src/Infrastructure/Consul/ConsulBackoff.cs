namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Pauses between attempts: each twice the one before up to a bound, and each shortened by chance to somewhere above
/// its half, so that processes that lost Consul at one moment do not come back at one moment.
/// </summary>
internal static class ConsulBackoff
{
    private const int DoublingsMax = 20;

    /// <param name="failures">Attempts that failed in a row, from 1.</param>
    /// <param name="first">The longest pause after the first failure.</param>
    /// <param name="max">The longest pause at all.</param>
    public static TimeSpan Delay(int failures, TimeSpan first, TimeSpan max)
    {
        var doublings = Math.Min(failures - 1, DoublingsMax);
        var full = Math.Min(max.TotalMilliseconds, first.TotalMilliseconds * (1 << doublings));
#pragma warning disable CA5394 // Chance spreads the load here; nobody gains by foreseeing it.
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }
}
