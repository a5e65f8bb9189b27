using System.Runtime.CompilerServices;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Infrastructure.Documents;
using IndiiMusic.Infrastructure.EventLog;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// The event store in the embedded database. A batch is fenced twice: its first version must follow the stream's last
/// one, which the writer looks up in the transaction that inserts it, and the key (stream, first version) is unique.
/// </summary>
internal sealed class SqliteEventStore(
    SqliteWriter writer, SqliteReaders readers, IOptions<SqliteOptions> options, TimeProvider time) : IEventStore
{
    private const int BatchesPerPage = 256;

    private const string BatchColumns = "stream, first_version, last_version, event_batches.appended_at, body";

    public async Task AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        EventStoreArguments.Check(batch);
        var start = time.GetTimestamp();
        var lastVersion = await WriteAsync(session => Append(session, batch), cancellationToken);
        if (lastVersion != batch.FirstVersion - 1)
        {
            SqliteMetrics.Storage.Conflicted(StorageMetrics.Events);
            throw new EventStoreConflictException(
                $"{batch.Stream} stands at version {lastVersion}; a batch that begins at {batch.FirstVersion} does not "
                + "follow.");
        }

        SqliteMetrics.Storage.Appended(batch, time.GetElapsedTime(start));
    }

    public async IAsyncEnumerable<EventBatch> ReadAsync(
        string stream,
        long fromVersion,
        long toVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (fromVersion <= toVersion)
        {
            var page = await ReadPageAsync(
                session => session.Query(
                    $"""
                    SELECT {BatchColumns} FROM event_batches
                    WHERE stream = $1 AND last_version >= $2 AND first_version <= $3
                        AND first_version >= IFNULL(
                            (SELECT MAX(first_version) FROM event_batches WHERE stream = $1 AND first_version <= $2),
                            $2)
                    ORDER BY first_version LIMIT $4
                    """,
                    stream, fromVersion, toVersion, BatchesPerPage),
                cancellationToken);
            foreach (var batch in page)
                yield return batch;
            if (page.Count == 0)
                yield break;
            fromVersion = page[^1].LastVersion + 1;
        }
    }

    public async IAsyncEnumerable<EventBatch> ReadBackwardsAsync(
        string stream,
        long fromVersion,
        int batchesMax,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (batchesMax > 0)
        {
            var page = await ReadPageAsync(
                session => session.Query(
                    $"""
                    SELECT {BatchColumns} FROM event_batches WHERE stream = $1 AND first_version <= $2
                    ORDER BY first_version DESC LIMIT $3
                    """,
                    stream, fromVersion, Math.Min(batchesMax, BatchesPerPage)),
                cancellationToken);
            foreach (var batch in page)
                yield return batch;
            if (page.Count == 0)
                yield break;
            fromVersion = page[^1].FirstVersion - 1;
            batchesMax -= page.Count;
        }
    }

    public Task<EventSnapshot?> ReadSnapshotAsync(
        string stream, long atOrBeforeVersion, CancellationToken cancellationToken)
    {
        // One statement sees one state of the file, so that a snapshot thinned out meanwhile is seen whole or not at
        // all.
        return ReadAsync(
            session =>
            {
                using var rows = session.Query(
                    """
                    SELECT version, body FROM snapshots WHERE stream = $1 AND version =
                        (SELECT MAX(version) FROM snapshots WHERE stream = $1 AND version <= $2)
                    ORDER BY part
                    """,
                    stream, atOrBeforeVersion);
                var version = 0L;
                var parts = new List<ReadOnlyMemory<byte>>();
                while (rows.Read())
                {
                    version = rows.GetInt64(0);
                    parts.Add(rows.GetFieldValue<byte[]>(1));
                }

                return parts.Count == 0 ? null : new EventSnapshot(stream, version, parts);
            },
            cancellationToken);
    }

    public async Task WriteSnapshotAsync(EventSnapshot snapshot, CancellationToken cancellationToken)
    {
        EventStoreArguments.Check(snapshot);
        await WriteAsync(session => WriteSnapshot(session, snapshot), cancellationToken);
    }

    public ValueTask MarkPublishedAsync(string stream, long firstVersion, CancellationToken cancellationToken)
    {
        writer.WriteLater(session => session.Execute(
            """
            DELETE FROM outbox WHERE batch_id =
                (SELECT batch_id FROM event_batches WHERE stream = $1 AND first_version = $2)
            """,
            stream, firstVersion));
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<EventBatch> ReadUnpublishedAsync(
        DateTimeOffset appendedBefore,
        int batchesMax,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The list is fixed at the start: what gets published while it is read would shift the pages.
        var ids = await ReadAsync(session => UnpublishedIds(session, appendedBefore, batchesMax), cancellationToken);
        foreach (var id in ids)
        {
            var batch = await ReadPageAsync(
                session => session.Query($"SELECT {BatchColumns} FROM event_batches WHERE batch_id = $1", id),
                cancellationToken);
            yield return batch[0];
        }
    }

    public Task<OutboxStanding> ReadOutboxAsync(int batchesMax, CancellationToken cancellationToken) => ReadAsync(
        session =>
        {
            using var rows = session.Query(
                "SELECT COUNT(*), MIN(appended_at) FROM (SELECT appended_at FROM outbox ORDER BY appended_at LIMIT $1)",
                batchesMax);
            rows.Read();
            return new OutboxStanding(
                rows.GetInt32(0), rows.IsDBNull(1) ? null : TimeText.Parse(rows.GetString(1)));
        },
        cancellationToken);

    /// <returns>The stream's last version before; the batch was inserted when it follows that version.</returns>
    private static long Append(SqliteSession session, EventBatch batch)
    {
        var lastVersion = (long?)session.Scalar(
            "SELECT last_version FROM event_batches WHERE stream = $1 ORDER BY first_version DESC LIMIT 1",
            batch.Stream) ?? 0;
        if (lastVersion != batch.FirstVersion - 1)
            return lastVersion;

        var appendedAt = TimeText.Text(batch.AppendedAt);
        session.Execute(
            """
            INSERT INTO event_batches (stream, first_version, last_version, appended_at, body)
            VALUES ($1, $2, $3, $4, CAST($5 AS TEXT))
            """,
            batch.Stream, batch.FirstVersion, batch.LastVersion, appendedAt, batch.Body);
        session.Execute("INSERT INTO outbox (batch_id, appended_at) VALUES (last_insert_rowid(), $1)", appendedAt);
        return lastVersion;
    }

    private bool WriteSnapshot(SqliteSession session, EventSnapshot snapshot)
    {
        var isThere = session.Scalar(
            "SELECT 1 FROM snapshots WHERE stream = $1 AND version = $2 LIMIT 1", snapshot.Stream, snapshot.Version);
        if (isThere is not null)
            return false;

        for (var part = 0; part < snapshot.Parts.Count; part++)
        {
            session.Execute(
                "INSERT INTO snapshots (stream, version, part, body) VALUES ($1, $2, $3, CAST($4 AS TEXT))",
                snapshot.Stream, snapshot.Version, part, snapshot.Parts[part]);
        }

        foreach (var version in SnapshotThinning.Superfluous(
            SnapshotVersions(session, snapshot.Stream), options.Value.SnapshotDensity))
        {
            session.Execute(
                "DELETE FROM snapshots WHERE stream = $1 AND version = $2", snapshot.Stream, version);
        }

        return true;
    }

    private static List<long> SnapshotVersions(SqliteSession session, string stream)
    {
        using var rows = session.Query(
            "SELECT version FROM snapshots WHERE stream = $1 AND part = 0 ORDER BY version", stream);
        var versions = new List<long>();
        while (rows.Read())
            versions.Add(rows.GetInt64(0));
        return versions;
    }

    private static List<long> UnpublishedIds(SqliteSession session, DateTimeOffset appendedBefore, int batchesMax)
    {
        using var rows = session.Query(
            "SELECT batch_id FROM outbox WHERE appended_at < $1 ORDER BY appended_at, batch_id LIMIT $2",
            TimeText.Text(appendedBefore), batchesMax);
        var ids = new List<long>();
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
    }

    /// <summary>Takes rows until the page is full; the next page goes on behind its last batch.</summary>
    private Task<List<EventBatch>> ReadPageAsync(
        Func<SqliteSession, SqliteDataReader> query, CancellationToken cancellationToken) =>
        ReadAsync(
            session =>
            {
                using var rows = query(session);
                var page = new List<EventBatch>();
                for (var bytes = 0; bytes < options.Value.ReadPageBytes && rows.Read();)
                {
                    var batch = BatchOf(rows);
                    page.Add(batch);
                    bytes += batch.Body.Length;
                }

                return page;
            },
            cancellationToken);

    private static EventBatch BatchOf(SqliteDataReader row)
    {
        var firstVersion = row.GetInt64(1);
        return new EventBatch(
            row.GetString(0),
            firstVersion,
            (int)(row.GetInt64(2) - firstVersion + 1),
            TimeText.Parse(row.GetString(3)),
            row.GetFieldValue<byte[]>(4));
    }

    private Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(readers.Read(query));
        }
        catch (SqliteUnavailableException failure)
        {
            return Task.FromException<T>(new EventStoreUnavailableException(failure.Message, failure.InnerException));
        }
    }

    private async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync(work, cancellationToken);
        }
        catch (SqliteUnavailableException failure)
        {
            throw new EventStoreUnavailableException(failure.Message, failure.InnerException);
        }
    }
}
