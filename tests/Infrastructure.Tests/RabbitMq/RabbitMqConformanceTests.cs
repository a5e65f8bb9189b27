using IndiiMusic.Infrastructure.Tests.Conformance;

namespace IndiiMusic.Infrastructure.Tests.RabbitMq;

/// <summary>Event streams over a real broker.</summary>
[Collection(RabbitMqCollection.Name)]
[Trait("Server", "RabbitMq")]
public sealed class RabbitMqConformanceTests(RabbitMqFixture fixture) : DurableEventStreamConformance
{
    private protected override void AddStreams(ISiloBuilder silo) => fixture.AddStreams(silo);
}
