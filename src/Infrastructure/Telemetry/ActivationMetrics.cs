using System.Collections.Frozen;
using System.Reflection;
using IndiiMusic.Grains;
using Orleans.Runtime;
using Prometheus;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>How many activations of each grain this silo has, as Orleans keeps count of them anyway.</summary>
internal sealed class ActivationMetrics(IGrainFactory grains, ILocalSiloDetails silo) : ISampledFigures
{
    private static readonly Gauge Activations = Metrics.CreateGauge(
        "indiimusic_grain_activations", "Activations on this silo, by grain.", "grain");

    private static readonly FrozenDictionary<string, string> Names = typeof(GrainsHosting).Assembly.GetTypes()
        .Where(static type => type.GetCustomAttribute<GrainTypeAttribute>() is not null)
        .ToFrozenDictionary(
            static type => type.FullName!,
            static type => type.GetCustomAttributesData()
                .First(static data => data.AttributeType == typeof(GrainTypeAttribute))
                .ConstructorArguments[0].Value!.ToString()!,
            StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        var counts = await grains.GetGrain<IManagementGrain>(0)
            .GetSimpleGrainStatistics([silo.SiloAddress], cancellationToken);
        var byName = counts
            .GroupBy(static count => count.GrainType.Split(',')[0], StringComparer.Ordinal)
            .ToDictionary(
                static type => type.Key, static type => type.Sum(each => each.ActivationCount), StringComparer.Ordinal);
        foreach (var (type, name) in Names)
            Activations.WithLabels(name).Set(byName.GetValueOrDefault(type));
    }
}
