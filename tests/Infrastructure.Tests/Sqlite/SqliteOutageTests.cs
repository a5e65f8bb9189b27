using System.Text;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Sqlite;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

/// <summary>A full, locked or unusable file: writes say so, reads go on, and writing resumes by itself.</summary>
public sealed class SqliteOutageTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly SqliteFixture _fixture = new(options =>
    {
        options.BusyTimeout = TimeSpan.FromMilliseconds(200);
        options.ProbeInterval = TimeSpan.FromMilliseconds(50);
    });

    private IEventStore Store => _fixture.EventStore;

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_full_file_refuses_appends_but_is_read_and_takes_them_again_once_there_is_room()
    {
        await Store.AppendAsync(Batch(1, 10), default);
        await FillAsync();

        await Assert.ThrowsAsync<EventStoreUnavailableException>(() => Store.AppendAsync(Batch(2, 500_000), default));
        Assert.Equal([1], await VersionsAsync());
        var (status, description) = await HealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.Contains("the disk is full", description, StringComparison.Ordinal);
        Assert.Contains(_fixture.File, description, StringComparison.Ordinal);

        Options.PagesMax = null;
        await Store.AppendAsync(Batch(2, 500_000), default);
        Assert.Equal([1, 2], await VersionsAsync());
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);
    }

    [Fact]
    public async Task Health_recovers_while_nobody_writes()
    {
        await Store.AppendAsync(Batch(1, 10), default);
        await FillAsync();
        await Assert.ThrowsAsync<EventStoreUnavailableException>(() => Store.AppendAsync(Batch(2, 500_000), default));

        Options.PagesMax = null;

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await HealthAsync()).Status != HealthStatus.Healthy)
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }

    [Fact]
    public async Task A_full_file_refuses_grain_state_with_the_code_of_an_outage_and_keeps_the_etag()
    {
        var grain = GrainId.Create("sample", "full");
        var state = new SampleGrainState();
        state.State.Name = "small";
        await _fixture.GrainStorage.WriteStateAsync("state", grain, state);
        var etag = state.ETag;
        await FillAsync();

        state.State.Name = new string('x', 500_000);
        var failure = await Assert.ThrowsAsync<IndiiException>(
            () => _fixture.GrainStorage.WriteStateAsync("state", grain, state));

        Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
        Assert.Equal(etag, state.ETag);
        var read = new SampleGrainState();
        await _fixture.GrainStorage.ReadStateAsync("state", grain, read);
        Assert.Equal("small", read.State.Name);
    }

    [Fact]
    public async Task A_snapshot_that_found_no_room_is_not_there_in_part()
    {
        await Store.AppendAsync(Batch(1, 10), default);
        await FillAsync();
        var part = (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(new string('x', 300_000));

        await Assert.ThrowsAsync<EventStoreUnavailableException>(
            () => Store.WriteSnapshotAsync(new EventSnapshot("s", 1, ["1"u8.ToArray(), part]), default));

        Assert.Null(await Store.ReadSnapshotAsync("s", 1, default));
    }

    [Fact]
    public async Task Deferred_work_outlives_an_outage()
    {
        await Store.AppendAsync(Batch(1, 10), default);
        await FillAsync();
        await Store.MarkPublishedAsync("s", 1, default);
        await Assert.ThrowsAsync<EventStoreUnavailableException>(() => Store.AppendAsync(Batch(2, 500_000), default));
        Assert.Single(await UnpublishedAsync());

        Options.PagesMax = null;
        await Store.AppendAsync(Batch(2, 10), default);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await UnpublishedAsync()).Contains(1))
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }

    [Fact]
    public async Task Another_process_that_holds_the_lock_is_waited_for_and_then_reported()
    {
        await Store.AppendAsync(Batch(1, 10), default);
        await using var other = new SqliteConnection($"Data Source={_fixture.File};Pooling=False");
        await other.OpenAsync();
        await ExecuteAsync(other, "BEGIN IMMEDIATE");

        var failure = await Assert.ThrowsAsync<EventStoreUnavailableException>(
            () => Store.AppendAsync(Batch(2, 10), default));
        Assert.Contains("another process holds its lock", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1], await VersionsAsync());

        await ExecuteAsync(other, "ROLLBACK");
        await Store.AppendAsync(Batch(2, 10), default);
    }

    [TinyDiskFact]
    public async Task A_disk_that_is_really_full_refuses_writes_until_there_is_room()
    {
        using var disk = TinyDisk.Mount(megabytes: 4)!;
        await using var fixture = new SqliteFixture(options => options.File = Path.Combine(disk.Path, "indii.db"));
        await fixture.EventStore.AppendAsync(Batch(1, 10), default);
        var filler = Path.Combine(disk.Path, "filler");
        Fill(filler);

        var failure = await Assert.ThrowsAsync<EventStoreUnavailableException>(
            () => fixture.EventStore.AppendAsync(Batch(2, 1_000_000), default));
        Assert.Contains("the disk is full", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1], await VersionsAsync(fixture.EventStore));

        File.Delete(filler);
        await fixture.EventStore.AppendAsync(Batch(2, 1_000_000), default);
        Assert.Equal([1, 2], await VersionsAsync(fixture.EventStore));
    }

    [Fact]
    public async Task A_file_that_is_no_database_stops_the_start_and_is_left_alone()
    {
        await File.WriteAllTextAsync(_fixture.File, new string('x', 10_000));

        var failure = Assert.Throws<SqliteUnavailableException>(() => _fixture.Get<SqliteDatabase>().Prepare());

        Assert.Contains("is damaged or no SQLite database", failure.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 10_000), await File.ReadAllTextAsync(_fixture.File));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_stops_the_start_with_the_path()
    {
        await using var fixture = new SqliteFixture(options => options.File = "/proc/indiimusic/indii.db");

        var failure = Assert.Throws<SqliteUnavailableException>(() => fixture.Get<SqliteDatabase>().Prepare());

        Assert.Contains("/proc/indiimusic", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_refused()
    {
        await Store.AppendAsync(Batch(1, 10), default);
        await using (var other = new SqliteConnection($"Data Source={_fixture.File};Pooling=False"))
        {
            await other.OpenAsync();
            await ExecuteAsync(other, "PRAGMA user_version = 1000");
        }

        var failure = Assert.Throws<InvalidOperationException>(() => new SqliteDatabase(Settings).Prepare());

        Assert.Contains("schema version 1000", failure.Message, StringComparison.Ordinal);
    }

    private IOptions<SqliteOptions> Settings => _fixture.Get<IOptions<SqliteOptions>>();

    private SqliteOptions Options => Settings.Value;

    private static EventBatch Batch(long version, int bodyBytes) => new(
        "s", version, 1, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes($"\"{new string('x', bodyBytes)}\""));

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets the file grow no further: the writer's connection learns of it by a failed append.</summary>
    private async Task FillAsync()
    {
        Options.PagesMax = 1;
        await using var connection = new SqliteConnection($"Data Source={_fixture.File};Pooling=False");
        await connection.OpenAsync();

        // The bound is a connection's own, so the writer has to open a new one; a lock that does not go away makes it.
        await ExecuteAsync(connection, "BEGIN IMMEDIATE");
        await Assert.ThrowsAsync<EventStoreUnavailableException>(() => Store.AppendAsync(Batch(2, 10), default));
        await ExecuteAsync(connection, "ROLLBACK");
    }

    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                stream.Write(new byte[4_096]);
        }
        catch (IOException)
        {
            // That was the last free block.
        }
    }

    private Task<List<long>> VersionsAsync() => VersionsAsync(Store);

    private static async Task<List<long>> VersionsAsync(IEventStore store)
    {
        var versions = new List<long>();
        await foreach (var batch in store.ReadAsync("s", 1, long.MaxValue, default))
            versions.Add(batch.FirstVersion);
        return versions;
    }

    private async Task<List<long>> UnpublishedAsync()
    {
        var versions = new List<long>();
        await foreach (var batch in Store.ReadUnpublishedAsync(DateTimeOffset.MaxValue, 100, default))
            versions.Add(batch.FirstVersion);
        return versions;
    }

    private async Task<(HealthStatus Status, string Description)> HealthAsync()
    {
        var report = await _fixture.Get<HealthCheckService>().CheckHealthAsync();
        var entry = report.Entries[SqliteHosting.HealthCheckName];
        return (entry.Status, entry.Description ?? "");
    }
}
