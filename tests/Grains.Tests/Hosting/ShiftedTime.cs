namespace IndiiMusic.Grains.Tests.Hosting;

/// <summary>The real clock, set forward at will. Timers are left alone, because Orleans lives by them.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _shiftTicks;

    public override DateTimeOffset GetUtcNow() =>
        System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shiftTicks));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shiftTicks, by.Ticks);
}
