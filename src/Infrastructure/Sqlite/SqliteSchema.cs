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
    /// Brings the file to <see cref="Version"/>; does nothing when it is there already. Two processes may do so at
    /// once.
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

    // Bodies are TEXT, so that a person can read and query them with the sqlite3 shell. The batches are an ordinary
    // rowid table: large bodies then spill to overflow pages without making the key's tree deep.
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
        [
            """
            CREATE TABLE catalog_tracks (
                track_id TEXT PRIMARY KEY,
                revision INTEGER NOT NULL,
                owner_id TEXT,
                visibility INTEGER NOT NULL,
                title TEXT NOT NULL,
                artists TEXT NOT NULL,
                album TEXT,
                duration_ms INTEGER NOT NULL,
                has_artwork INTEGER NOT NULL,
                year INTEGER,
                added_at TEXT NOT NULL,
                sort_artist TEXT NOT NULL,
                sort_album TEXT NOT NULL,
                disc_number INTEGER NOT NULL,
                track_number INTEGER NOT NULL,
                sort_title TEXT NOT NULL,
                search_text TEXT NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE INDEX catalog_tracks_by_artist ON catalog_tracks
                (sort_artist, sort_album, disc_number, track_number, sort_title, track_id)
            """,
            "CREATE INDEX catalog_tracks_by_title ON catalog_tracks (sort_title, track_id)",
            "CREATE INDEX catalog_tracks_by_age ON catalog_tracks (added_at, track_id)",
            """
            CREATE TABLE catalog_terms (
                kind INTEGER NOT NULL,
                term TEXT NOT NULL,
                track_id TEXT NOT NULL,
                text TEXT NOT NULL,
                PRIMARY KEY (kind, term, track_id, text)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX catalog_terms_by_track ON catalog_terms (track_id)",
            """
            CREATE TABLE imported_files (
                owner TEXT NOT NULL,
                path TEXT NOT NULL,
                size_bytes INTEGER NOT NULL,
                modified_at TEXT NOT NULL,
                became_id TEXT NOT NULL,
                PRIMARY KEY (owner, path)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX imported_files_by_result ON imported_files (became_id)",
        ],
    ];
}
