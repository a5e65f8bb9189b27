using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Times the calls that this silo's grains take, by grain and method: Orleans itself counts all of them together. The
/// series of a method are found once; from then on a call costs a look-up, two looks at the clock and an observation,
/// about 0.1 µs.
/// </summary>
internal sealed class GrainCallMetrics : IIncomingGrainCallFilter
{
    private const string Ours = "IndiiMusic.";
    private const string Refused = "refused";
    private const string Failed = "failed";

    private static readonly Histogram Durations = Metrics.CreateHistogram(
        "indiimusic_grain_call_duration_seconds",
        "Time that grain calls took where the grain is, without their way and their wait, by grain and method.",
        ["grain", "method"],
        new HistogramConfiguration { Buckets = [.000_1, .001, .005, .025, .1, .5, 2.5] });

    private static readonly Counter Failures = Metrics.CreateCounter(
        "indiimusic_grain_call_failures_total",
        "Grain calls that did not succeed: refused, because of what the caller asked, or failed.",
        "grain",
        "method",
        "outcome");

    private readonly ConcurrentDictionary<MethodInfo, Series> _known = new();

    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        if (method is null)
            return context.Invoke();
        if (!_known.TryGetValue(method, out var series))
            series = _known.GetOrAdd(method, Find(method, context));
        return series.Durations is null ? context.Invoke() : MeasureAsync(context, series);
    }

    private static async Task MeasureAsync(IIncomingGrainCallContext context, Series series)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await context.Invoke();
        }
        catch (Exception failure)
        {
            (IsRefusal(failure) ? series.Refusals : series.Failures)!.Inc();
            throw;
        }
        finally
        {
            series.Durations!.Observe(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>What the caller can mend, and an operator need not hear of.</summary>
    private static bool IsRefusal(Exception failure) => failure switch
    {
        OperationCanceledException => true,
        IndiiException known => known.Code is not (ErrorCode.Internal or ErrorCode.WriteConflict
            or ErrorCode.StorageUnavailable or ErrorCode.DependencyUnavailable or ErrorCode.Timeout),
        _ => false,
    };

    /// <summary>Orleans's own grains, and those of other packages, are left out.</summary>
    private static Series Find(MethodInfo method, IIncomingGrainCallContext context)
    {
        if (method.DeclaringType?.FullName?.StartsWith(Ours, StringComparison.Ordinal) != true)
            return default;
        var grain = context.TargetId.Type.ToString() ?? "";
        return new Series(
            Durations.WithLabels(grain, method.Name),
            Failures.WithLabels(grain, method.Name, Refused),
            Failures.WithLabels(grain, method.Name, Failed));
    }

    private readonly record struct Series(
        Histogram.Child? Durations, Counter.Child? Refusals, Counter.Child? Failures);
}

/// <summary>What an operator sees of a silo's grains.</summary>
public static class GrainMetricsHosting
{
    /// <summary>
    /// Times grain calls and counts activations. Goes before other filters, whose failures it then counts as callers
    /// see them.
    /// </summary>
    public static ISiloBuilder AddGrainMetrics(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IIncomingGrainCallFilter, GrainCallMetrics>();
        silo.Services.AddSingleton<ISampledFigures, ActivationMetrics>();
        return silo;
    }
}
