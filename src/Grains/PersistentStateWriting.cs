namespace IndiiMusic.Grains;

/// <summary>How grains with a state document change it.</summary>
internal static class PersistentStateWriting
{
    /// <summary>
    /// Stores the next state. Let a failure through: it gives the activation up (see
    /// <see cref="Errors.StorageFailuresHosting"/>), so that nobody reads memory that is ahead of storage.
    /// </summary>
    public static Task Write<TState>(this IPersistentState<TState> store, TState next)
    {
        store.State = next;
        return store.WriteStateAsync();
    }
}
