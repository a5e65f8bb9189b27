using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.Tests.Conformance;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

[Collection(S3Collection.Name)]
[Trait("Server", "S3")]
public sealed class S3ObjectStoreConformanceTests(S3Fixture s3) : ObjectStoreConformance(s3.Store);
