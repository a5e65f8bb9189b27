using IndiiMusic.Infrastructure.Tests.Conformance;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

public sealed class MongoDbEventStoreConformanceTests(MongoDbFixture fixture)
    : EventStoreConformance(fixture.EventStore), IClassFixture<MongoDbFixture>;

public sealed class MongoDbGrainStorageConformanceTests(MongoDbFixture fixture)
    : GrainStorageConformance(fixture.GrainStorage), IClassFixture<MongoDbFixture>;

public sealed class MongoDbReminderTableConformanceTests(MongoDbFixture fixture)
    : ReminderTableConformance(fixture.ReminderTable), IClassFixture<MongoDbFixture>;

public sealed class MongoDbTrackCatalogConformanceTests() : TrackCatalogConformance(new MongoDbFixture());

public sealed class MongoDbImportLedgerConformanceTests() : ImportLedgerConformance(new MongoDbFixture());
