namespace IndiiMusic.Bench.Grains;

/// <summary>Does nothing: what a grain call costs by itself.</summary>
[Alias("indii.bench.empty-grain")]
public interface IEmptyGrain : IGrainWithIntegerKey
{
    [Alias("Call")]
    Task Call();
}

/// <inheritdoc cref="IEmptyGrain"/>
[GrainType("bench-empty")]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    public Task Call() => Task.CompletedTask;
}
