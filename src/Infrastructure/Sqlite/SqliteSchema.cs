namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// The tables, as steps from one <c>user_version</c> to the next. A step that was released never changes; a new need
/// is a new step.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The version that this program reads and writes.</summary>
    public static int Version => Steps.Length;

    /// <summary>
    /// Brings the file to <see cref="Version"/>; does nothing when it is there already. Two processes may do so at once.
    /// </summary>
    /// <exception cref="InvalidOperationException">A later version of this program wrote the file.</exception>
    public static void Upgrade(SqliteSession session, string file)
    {
        if (VersionOf(session, file) == Version)
            return;

        session.Execute("BEGIN IMMEDIATE");
        try
        {
            for (var version = VersionOf(session, file); version < Version; version++)
            {
                foreach (var statement in Steps[version])
                    session.Execute(statement);
                session.Execute($"PRAGMA user_version = {version + 1}");
            }

            session.Execute("COMMIT");
        }
        catch
        {
            SqliteFailures.RollBack(session);
            throw;
        }
    }

    private static int VersionOf(SqliteSession session, string file)
    {
        var version = Convert.ToInt32(session.Scalar("PRAGMA user_version"));
        return version <= Version
            ? version
            : throw new InvalidOperationException(
                $"{file} has schema version {version}; this program knows versions up to {Version}. "
                + "Run the version that wrote it, or a later one.");
    }

    // Bodies are TEXT, so that a person can read and query them with the sqlite3 shell. The batches are an ordinary rowid
    // table: large bodies then spill to overflow pages without making the key's tree deep.
    private static readonly string[][] Steps =
    [
        [
            """
            CREATE TABLE event_batches (
                batch_id INTEGER PRIMARY KEY,
                stream TEXT NOT NULL,
                first_version INTEGER NOT NULL,
                last_version INTEGER NOT NULL,
                appended_at TEXT NOT NULL,
                body TEXT NOT NULL,
                UNIQUE (stream, first_version)
            ) STRICT
            """,
            "CREATE TABLE outbox (batch_id INTEGER PRIMARY KEY, appended_at TEXT NOT NULL) STRICT",
            "CREATE INDEX outbox_by_age ON outbox (appended_at)",
            """
            CREATE TABLE snapshots (
                stream TEXT NOT NULL,
                version INTEGER NOT NULL,
                part INTEGER NOT NULL,
                body TEXT NOT NULL,
                PRIMARY KEY (stream, version, part)
            ) STRICT
            """,
            """
            CREATE TABLE grain_state (
                grain_type TEXT NOT NULL,
                grain_key TEXT NOT NULL,
                state_name TEXT NOT NULL,
                etag TEXT NOT NULL,
                written_at TEXT NOT NULL,
                doc TEXT NOT NULL,
                PRIMARY KEY (grain_type, grain_key, state_name)
            ) STRICT
            """,
            """
            CREATE TABLE reminders (
                grain_id TEXT NOT NULL,
                name TEXT NOT NULL,
                grain_hash INTEGER NOT NULL,
                start_at TEXT NOT NULL,
                period_ticks INTEGER NOT NULL,
                etag TEXT NOT NULL,
                PRIMARY KEY (grain_id, name)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX reminders_by_hash ON reminders (grain_hash)",
            "CREATE TABLE storage_probe (filler BLOB NOT NULL) STRICT",
        ],
    ];
}
