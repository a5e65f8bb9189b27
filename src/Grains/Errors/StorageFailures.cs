using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace IndiiMusic.Grains.Errors;

/// <summary>
/// Gives callers the code of a storage failure that a grain let through. Orleans wraps what a storage provider
/// throws, so the code would not reach them. The activation is given up as well: its memory holds a change that
/// storage does not.
/// </summary>
internal sealed class StorageFailureFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception failure) when (CodeOf(failure) is { } code)
        {
            // The reason carries no exception: with one, Orleans rejects the calls that wait behind this one, instead
            // of passing them on to the next activation.
            context.TargetContext.Deactivate(new DeactivationReason(
                DeactivationReasonCode.ApplicationError, "Storage did not take a change."));
            throw new IndiiException(code, Detail(code));
        }
    }

    private static ErrorCode? CodeOf(Exception failure) => failure switch
    {
        InconsistentStateException or EventStoreConflictException => ErrorCode.WriteConflict,
        EventStoreUnavailableException => ErrorCode.StorageUnavailable,
        OrleansException { InnerException: IndiiException { Code: ErrorCode.StorageUnavailable } inner } => inner.Code,
        _ => null,
    };

    private static string Detail(ErrorCode code) => code == ErrorCode.WriteConflict
        ? "Two writers met; nothing was written. Send the same request again."
        : "Storage does not answer or has no room. Try again later.";
}

/// <summary>Puts <see cref="StorageFailureFilter"/> in front of all grains of a silo.</summary>
public static class StorageFailuresHosting
{
    /// <summary>
    /// Answers <c>storage_unavailable</c> and <c>write_conflict</c> where a grain lets a storage failure through. Every
    /// adapter of grain storage calls it; calling it again changes nothing.
    /// </summary>
    public static ISiloBuilder AddStorageFailures(this ISiloBuilder silo)
    {
        if (!silo.Services.Any(service => service.ImplementationType == typeof(StorageFailureFilter)))
            silo.Services.AddSingleton<IIncomingGrainCallFilter, StorageFailureFilter>();
        return silo;
    }
}
