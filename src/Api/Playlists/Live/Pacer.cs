namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// Decides when a room may send. Up to a burst each change goes out at once, so that people who edit by hand never
/// wait; beyond a steady rate changes pile up and go out together, so that a storm of edits costs each client a few
/// messages a second and not one for each edit.
/// </summary>
internal sealed class Pacer(double sendsPerSecond, int burst)
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / sendsPerSecond);
    private readonly TimeSpan _credit = TimeSpan.FromSeconds((burst - 1) / sendsPerSecond);
    private TimeSpan _paidUntil = TimeSpan.MinValue;

    /// <summary>When the next sending is due, if there is anything to send.</summary>
    public TimeSpan DueAt => _paidUntil == TimeSpan.MinValue ? TimeSpan.Zero : _paidUntil - _credit;

    /// <summary>Takes leave to send now; false when it is too early.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (now < DueAt)
            return false;

        _paidUntil = (_paidUntil > now ? _paidUntil : now) + _interval;
        return true;
    }
}
