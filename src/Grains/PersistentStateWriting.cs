using IndiiMusic.Grains.Interfaces.Errors;
using Orleans.Storage;

namespace IndiiMusic.Grains;

/// <summary>How grains with a state document change it: storage first, and memory never ahead of it.</summary>
internal static class PersistentStateWriting
{
    /// <summary>Stores the next state. Where that fails, the activation goes, and the next one reads afresh.</summary>
    /// <exception cref="IndiiException">
    /// <c>write_conflict</c> when another activation wrote in between; <c>storage_unavailable</c> when the outcome is
    /// unknown.
    /// </exception>
    public static async Task Write<TState>(this IGrainBase grain, IPersistentState<TState> store, TState next)
    {
        var before = store.State;
        store.State = next;
        try
        {
            await store.WriteStateAsync();
        }
        catch (Exception cause)
        {
            store.State = before;
            grain.DeactivateOnIdle();
            throw AsIndiiException(cause);
        }
    }

    /// <summary>Removes the state document. Fails as <see cref="Write"/> does.</summary>
    public static async Task Clear<TState>(this IGrainBase grain, IPersistentState<TState> store)
    {
        try
        {
            await store.ClearStateAsync();
        }
        catch (Exception cause)
        {
            grain.DeactivateOnIdle();
            throw AsIndiiException(cause);
        }
    }

    private static IndiiException AsIndiiException(Exception cause) => cause switch
    {
        IndiiException known => known,
        InconsistentStateException => new IndiiException(
            ErrorCode.WriteConflict, "Somebody else wrote at the same moment. Send the request again.", cause),
        _ => new IndiiException(
            ErrorCode.StorageUnavailable, "Storage does not take writes now. Try again later.", cause),
    };
}
