using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

/// <summary>The adapters under real grains.</summary>
public sealed class SqliteSiloTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indiimusic-silo-").FullName;

    private string File => Path.Combine(_folder, "new", "indii.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task State_reminders_and_subscriptions_outlive_the_silo()
    {
        await using (var silo = await SqliteSilo.StartAsync(File))
        {
            var grain = silo.Grains.GetGrain<ISampleGrain>("a");
            await grain.Rename("one");
            await grain.Rename("two");
            await grain.Remind(TimeSpan.FromHours(1));
            await grain.Subscribe();
            Assert.Equal(1, await grain.CountSubscriptions());
        }

        await using (var silo = await SqliteSilo.StartAsync(File))
        {
            var grain = silo.Grains.GetGrain<ISampleGrain>("a");
            Assert.Equal("two", await grain.Name());
            Assert.Equal(["sample"], await grain.ReminderNames());
            Assert.Equal(1, await grain.CountSubscriptions());
            Assert.Null(await silo.Grains.GetGrain<ISampleGrain>("b").Name());
        }
    }

    [Fact]
    public async Task A_state_is_a_document_that_names_no_type()
    {
        await using var silo = await SqliteSilo.StartAsync(File);
        await silo.Grains.GetGrain<ISampleGrain>("a").Rename("Ænima \"live\"");

        Assert.Equal(
            """{"name":"Ænima \"live\"","since":"0001-01-01T00:00:00+00:00","colour":"none","counts":{}}""",
            await ScalarAsync("SELECT doc FROM grain_state WHERE grain_type = 'sample-grain' AND grain_key = 'a'"));
        Assert.Equal(
            "text Ænima \"live\"",
            await ScalarAsync("SELECT typeof(doc) || ' ' || (doc ->> 'name') FROM grain_state WHERE grain_key = 'a'"));
    }

    [Fact]
    public async Task A_full_disk_reaches_the_caller_by_its_code_and_the_grain_forgets_what_was_not_stored()
    {
        await using var silo = await SqliteSilo.StartAsync(File);
        var grain = silo.Grains.GetGrain<ISampleGrain>("a");
        await grain.Rename("stored");
        await FillAsync(silo, grain);

        var failure = await Assert.ThrowsAsync<IndiiException>(() => grain.Rename(new string('x', 500_000)));

        Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
        Assert.Equal("stored", await grain.Name());
        silo.Get<IOptions<SqliteOptions>>().Value.PagesMax = null;
        await grain.Rename("again");
        Assert.Equal("again", await grain.Name());
    }

    [Fact]
    public async Task A_state_that_another_writer_changed_is_a_conflict_and_is_read_afresh()
    {
        await using var silo = await SqliteSilo.StartAsync(File);
        var grain = silo.Grains.GetGrain<ISampleGrain>("a");
        await grain.Rename("mine");
        await ScalarAsync(
            """
            UPDATE grain_state SET etag = 'other', doc = json_set(doc, '$.name', 'theirs') WHERE grain_key = 'a'
            RETURNING 1
            """);

        var failure = await Assert.ThrowsAsync<IndiiException>(() => grain.Rename("lost"));

        Assert.Equal(ErrorCode.WriteConflict, failure.Code);
        Assert.Equal("theirs", await grain.Name());
        await grain.Rename("mine again");
    }

    [Fact]
    public async Task Calls_that_wait_behind_a_write_that_fails_are_answered_by_the_next_activation()
    {
        await using var silo = await SqliteSilo.StartAsync(File);
        var grain = silo.Grains.GetGrain<ISampleGrain>("a");
        await grain.Rename("stored");
        await using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();

        var failing = grain.Rename("lost");
        var waiting = Enumerable.Range(0, 20).Select(_ => grain.Name()).ToList();

        await Assert.ThrowsAsync<IndiiException>(() => failing);
        Assert.All(await Task.WhenAll(waiting), name => Assert.Equal("stored", name));
    }

    /// <summary>
    /// Bounds the file at its size; a lock held by another makes the writer open a connection that has the bound.
    /// </summary>
    private async Task FillAsync(SqliteSilo silo, ISampleGrain grain)
    {
        silo.Get<IOptions<SqliteOptions>>().Value.PagesMax = 1;
        await using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await Assert.ThrowsAsync<IndiiException>(() => grain.Rename("locked"));
    }

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
