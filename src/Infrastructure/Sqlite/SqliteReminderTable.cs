using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Documents;
using Microsoft.Data.Sqlite;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>Reminders in the embedded database, found by grain or by the grain's place on the ring.</summary>
internal sealed class SqliteReminderTable(SqliteDatabase database, SqliteWriter writer, SqliteReaders readers)
    : IReminderTable
{
    private const string Columns = "grain_id, name, start_at, period_ticks, etag";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.Prepare();
        return Task.CompletedTask;
    }

    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await ReadAsync(session =>
        Entries(session.Query($"SELECT {Columns} FROM reminders WHERE grain_id = $1", grainId.ToString()))));

    /// <summary>
    /// The reminders behind <paramref name="begin"/> up to and with <paramref name="end"/> on the ring.
    /// </summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end) => new(await ReadAsync(session =>
        Entries(begin < end
            ? session.Query(
                $"SELECT {Columns} FROM reminders WHERE grain_hash > $1 AND grain_hash <= $2", (long)begin, (long)end)
            : session.Query(
                $"SELECT {Columns} FROM reminders WHERE grain_hash > $1 OR grain_hash <= $2",
                (long)begin, (long)end))));

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var entries = await ReadAsync(session => Entries(session.Query(
            $"SELECT {Columns} FROM reminders WHERE grain_id = $1 AND name = $2", grainId.ToString(), reminderName)));
        return entries.SingleOrDefault();
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var etag = Guid.CreateVersion7().ToString("N");
        var row = (
            GrainId: entry.GrainId.ToString(),
            Name: entry.ReminderName,
            Hash: (long)entry.GrainId.GetUniformHashCode(),
            StartAt: TimeText.Text(new DateTimeOffset(DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc))),
            PeriodTicks: entry.Period.Ticks);
        await WriteAsync(session => session.Execute(
            """
            INSERT INTO reminders (grain_id, name, grain_hash, start_at, period_ticks, etag)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO UPDATE SET
                start_at = excluded.start_at, period_ticks = excluded.period_ticks, etag = excluded.etag
            """,
            row.GrainId, row.Name, row.Hash, row.StartAt, row.PeriodTicks, etag));
        return etag;
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        await WriteAsync(session => session.Execute(
            "DELETE FROM reminders WHERE grain_id = $1 AND name = $2 AND etag = $3",
            grainId.ToString(), reminderName, eTag)) > 0;

    public Task TestOnlyClearTable() => WriteAsync(session => session.Execute("DELETE FROM reminders"));

    private static List<ReminderEntry> Entries(SqliteDataReader query)
    {
        using var rows = query;
        var entries = new List<ReminderEntry>();
        while (rows.Read())
        {
            entries.Add(new ReminderEntry
            {
                GrainId = GrainId.Parse(rows.GetString(0)),
                ReminderName = rows.GetString(1),
                StartAt = TimeText.Parse(rows.GetString(2)).UtcDateTime,
                Period = TimeSpan.FromTicks(rows.GetInt64(3)),
                ETag = rows.GetString(4),
            });
        }

        return entries;
    }

    private Task<List<ReminderEntry>> ReadAsync(Func<SqliteSession, List<ReminderEntry>> query)
    {
        try
        {
            return Task.FromResult(readers.Read(query));
        }
        catch (SqliteUnavailableException failure)
        {
            return Task.FromException<List<ReminderEntry>>(Unavailable(failure));
        }
    }

    private async Task<int> WriteAsync(Func<SqliteSession, int> work)
    {
        try
        {
            return await writer.WriteAsync(work, CancellationToken.None);
        }
        catch (SqliteUnavailableException failure)
        {
            throw Unavailable(failure);
        }
    }

    private static IndiiException Unavailable(SqliteUnavailableException failure) =>
        new(ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);
}
