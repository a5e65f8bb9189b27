using IndiiMusic.Infrastructure.Tests.Conformance;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

public sealed class SqliteEventStoreConformanceTests(SqliteFixture fixture)
    : EventStoreConformance(fixture.EventStore), IClassFixture<SqliteFixture>;

public sealed class SqliteGrainStorageConformanceTests(SqliteFixture fixture)
    : GrainStorageConformance(fixture.GrainStorage), IClassFixture<SqliteFixture>;

public sealed class SqliteReminderTableConformanceTests(SqliteFixture fixture)
    : ReminderTableConformance(fixture.ReminderTable), IClassFixture<SqliteFixture>;

public sealed class SqliteTrackCatalogConformanceTests() : TrackCatalogConformance(new SqliteFixture());

public sealed class SqliteImportLedgerConformanceTests() : ImportLedgerConformance(new SqliteFixture());
