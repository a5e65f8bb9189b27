using System.Reflection;
using BenchmarkDotNet.Attributes;
using IndiiMusic.Bench.Grains;
using IndiiMusic.Infrastructure.Telemetry;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace IndiiMusic.Bench.Micro;

/// <summary>What it costs to time a grain call: the filter around a call that does nothing.</summary>
[MemoryDiagnoser]
public class GrainCallBenchmarks
{
    private readonly GrainCallMetrics _metrics = new();
    private readonly NothingCall _call = new();

    [Benchmark]
    public Task Untimed() => _call.Invoke();

    [Benchmark]
    public Task Timed() => _metrics.Invoke(_call);

    private sealed class NothingCall : IIncomingGrainCallContext
    {
        private static readonly MethodInfo Method = typeof(IEmptyGrain).GetMethod(nameof(IEmptyGrain.Call))!;

        public IInvokable Request => throw new NotSupportedException();

        public object Grain => this;

        public GrainId? SourceId => null;

        public GrainId TargetId { get; } = GrainId.Create("empty", "0");

        public GrainInterfaceType InterfaceType => default;

        public string InterfaceName => nameof(IEmptyGrain);

        public string MethodName => Method.Name;

        public MethodInfo InterfaceMethod => Method;

        public MethodInfo ImplementationMethod => Method;

        public IGrainContext TargetContext => throw new NotSupportedException();

        public object? Result { get; set; }

        public Response? Response { get; set; }

        public Task Invoke() => Task.CompletedTask;
    }
}
