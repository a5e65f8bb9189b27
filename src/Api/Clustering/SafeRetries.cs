using System.Collections.Concurrent;
using System.Reflection;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using Prometheus;

namespace IndiiMusic.Api.Clustering;

/// <summary>
/// Sends a grain call again that met a dying silo or a writer that was overtaken, where that is safe
/// (<see cref="SafeToRepeatAttribute"/>). Everything else fails as it is, and the client decides.
/// </summary>
internal sealed partial class SafeRetries(TimeProvider time, ILogger<SafeRetries> logger) : IOutgoingGrainCallFilter
{
    /// <summary>From the first try: what a gateway makes a caller wait for a cluster that heals itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private static readonly Counter Retries = Metrics.CreateCounter(
        "indiimusic_grain_call_retries_total", "Grain calls that a gateway sent again.", "interface");

    static SafeRetries()
    {
        // All series are there from the start, so that the first retry is seen as a rise.
        foreach (var type in typeof(SafeToRepeatAttribute).Assembly.GetTypes().Where(HasSafeMethods))
            Retries.WithLabels(type.Name);
    }

    private readonly ConcurrentDictionary<MethodInfo, bool> _safe = new();

    /// <inheritdoc/>
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var since = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception lost) when (
                IsPassing(lost) && IsSafe(context.InterfaceMethod) && time.GetElapsedTime(since) + pause < Patience)
            {
                Retries.WithLabels(context.InterfaceMethod.DeclaringType!.Name).Inc();
                LogRetry(context.InterfaceName, context.MethodName, lost.GetType().Name);
            }

            // Full jitter: callers that failed together shall not come back together.
            await Task.Delay(pause * Random.Shared.NextDouble(), time);
        }
    }

    /// <summary>Whether the same call may succeed in a moment.</summary>
    private static bool IsPassing(Exception failure) => failure switch
    {
        IndiiException { Code: ErrorCode.WriteConflict } => true,
        SiloUnavailableException or OrleansMessageRejectionException => true,
        Orleans.Runtime.Messaging.ConnectionFailedException => true,
        TimeoutException => true,
        _ => false,
    };

    private static bool HasSafeMethods(Type type) =>
        type.IsInterface && type.GetMethods().Any(static method => method.IsDefined(typeof(SafeToRepeatAttribute)));

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < PauseMax ? pause * 2 : PauseMax;

    private bool IsSafe(MethodInfo method) =>
        _safe.GetOrAdd(method, static each => each.GetCustomAttribute<SafeToRepeatAttribute>() is not null);
}
