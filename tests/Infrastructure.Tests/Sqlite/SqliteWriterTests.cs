using IndiiMusic.Infrastructure.Sqlite;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

/// <summary>What the writer promises to the adapters on it.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly SqliteFixture _fixture = new(options => options.QueuedWritesMax = 500);

    private SqliteWriter Writer => _fixture.Get<SqliteWriter>();

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Writes_that_wait_together_share_a_commit()
    {
        using var release = await HoldWriterAsync();
        var before = Writer.Commits;

        var writes = Enumerable.Range(0, 400).Select(i => InsertAsync($"k{i}")).ToList();
        release.Set();
        await Task.WhenAll(writes);

        // One commit for what held the writer, one for all that had come meanwhile.
        Assert.Equal(2, Writer.Commits - before);
        Assert.Equal(400, CountRows());
    }

    [Fact]
    public async Task One_that_fails_by_itself_does_not_fail_the_others()
    {
        using var release = await HoldWriterAsync();
        var good = Enumerable.Range(0, 10).Select(i => InsertAsync($"k{i}")).ToList();
        var constraint = InsertAsync("k3");
        var defect = Writer.WriteAsync<int>(
            session =>
            {
                Insert(session, "half");
                throw new InvalidDataException("defect");
            },
            default);
        var more = Enumerable.Range(10, 10).Select(i => InsertAsync($"k{i}")).ToList();
        release.Set();

        await Task.WhenAll([.. good, .. more]);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => constraint);
        await Assert.ThrowsAsync<InvalidDataException>(() => defect);
        Assert.Equal(20, CountRows());
    }

    [Fact]
    public async Task Deferred_work_goes_along_with_the_next_commit()
    {
        await InsertAsync("first");
        var before = Writer.Commits;
        using var release = await HoldWriterAsync();
        Writer.WriteLater(session => Insert(session, "deferred"));
        var second = InsertAsync("second");
        release.Set();
        await second;

        Assert.Equal(2, Writer.Commits - before);
        Assert.Equal(3, CountRows());
    }

    [Fact]
    public async Task Deferred_work_alone_is_committed_soon()
    {
        Writer.WriteLater(session => Insert(session, "deferred"));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (CountRows() == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }

    [Fact]
    public async Task A_full_queue_makes_writers_wait_and_loses_none()
    {
        using var release = await HoldWriterAsync();
        var writes = Enumerable.Range(0, 1_500).Select(i => InsertAsync($"k{i}")).ToList();
        using var cancelled = new CancellationTokenSource();
        var waiting = Writer.WriteAsync(session => Insert(session, "cancelled"), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        release.Set();
        await Task.WhenAll(writes);
        Assert.Equal(1_500, CountRows());
    }

    [Fact]
    public async Task Stopping_writes_what_waits_and_refuses_what_comes_later()
    {
        var writer = new SqliteWriter(
            _fixture.Get<SqliteDatabase>(),
            _fixture.Get<SqliteHealth>(),
            _fixture.Get<Microsoft.Extensions.Options.IOptions<SqliteOptions>>(),
            TimeProvider.System,
            _fixture.Get<Microsoft.Extensions.Logging.ILogger<SqliteWriter>>());
        using var release = await HoldAsync(writer);
        var writes = Enumerable.Range(0, 20)
            .Select(i => writer.WriteAsync(session => Insert(session, $"k{i}"), default)).ToList();
        writer.WriteLater(session => Insert(session, "deferred"));

        var stopped = writer.DisposeAsync().AsTask();
        release.Set();
        await stopped;

        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
        Assert.Equal(21, CountRows());
        await Assert.ThrowsAsync<SqliteUnavailableException>(
            () => writer.WriteAsync(session => Insert(session, "late"), default));
    }

    private static int Insert(SqliteSession session, string key) => session.Execute(
        "INSERT INTO snapshots (stream, version, part, body) VALUES ($1, 1, 0, '{}')", key);

    private Task<int> InsertAsync(string key) => Writer.WriteAsync(session => Insert(session, key), default);

    private long CountRows() =>
        _fixture.Get<SqliteReaders>().Read(session => (long)session.Scalar("SELECT COUNT(*) FROM snapshots")!);

    private Task<ManualResetEventSlim> HoldWriterAsync() => HoldAsync(Writer);

    /// <summary>Holds the writer's thread inside a transaction, so that what comes now has to wait together.</summary>
    private static async Task<ManualResetEventSlim> HoldAsync(SqliteWriter writer)
    {
        var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = writer.WriteAsync(
            _ =>
            {
                entered.TrySetResult();
                release.Wait();
                return 0;
            },
            default);
        await entered.Task;
        return release;
    }
}
