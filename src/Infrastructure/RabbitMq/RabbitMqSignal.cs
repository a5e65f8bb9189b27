using System.Diagnostics.CodeAnalysis;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Wakes the one who waits; a signal that nobody waits for is kept, and several count as one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing: nobody asks for its handle.")]
internal sealed class RabbitMqSignal
{
    private readonly SemaphoreSlim _given = new(0, 1);

    /// <summary>Wakes the waiter, now or when it next waits.</summary>
    public void Give()
    {
        try
        {
            if (_given.CurrentCount == 0)
                _given.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else gave it in this moment.
        }
    }

    /// <summary>Waits for a signal, for a while.</summary>
    public Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        _given.WaitAsync(patience, cancellationToken);
}
