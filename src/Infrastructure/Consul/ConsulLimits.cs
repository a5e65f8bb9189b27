namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Bounds that Consul sets.</summary>
internal static class ConsulLimits
{
    /// <summary>Steps of one transaction.</summary>
    public const int StepsMax = 64;
}
