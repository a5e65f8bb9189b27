using IndiiMusic.Infrastructure.Tests.Conformance;

namespace IndiiMusic.Infrastructure.Tests.Consul;

[Collection(ConsulCollection.Name)]
[Trait("Server", "Consul")]
public sealed class ConsulMembershipTableConformanceTests(ConsulFixture fixture) : MembershipTableConformance(fixture);
