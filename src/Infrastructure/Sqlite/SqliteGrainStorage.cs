using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Documents;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// Grain state in the embedded database: one row for each grain and state name. ETags are never used twice, not even
/// after a state was cleared.
/// </summary>
internal sealed class SqliteGrainStorage(
    SqliteWriter writer,
    SqliteReaders readers,
    StateDocuments documents,
    IActivatorProvider activators,
    TimeProvider time) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = new Key(stateName, grainId);
        (string ETag, byte[] Document)? row;
        try
        {
            row = readers.Read(session => Find(session, key));
        }
        catch (SqliteUnavailableException failure)
        {
            return Task.FromException(Unavailable(failure));
        }

        grainState.ETag = row?.ETag;
        grainState.RecordExists = row is not null;
        grainState.State = row is { } found
            ? documents.Read<T>(found.Document)
            : activators.GetActivator<T>().Create();
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = new Key(stateName, grainId);
        var etag = grainState.ETag;
        var newETag = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var writtenAt = TimeText.Text(time.GetUtcNow());
        var document = documents.Write(grainState.State);

        await ChangeAsync(
            key,
            etag,
            session => etag is null
                ? session.Execute(
                    """
                    INSERT INTO grain_state (grain_type, grain_key, state_name, etag, written_at, doc)
                    VALUES ($1, $2, $3, $4, $5, CAST($6 AS TEXT)) ON CONFLICT DO NOTHING
                    """,
                    key.GrainType, key.GrainKey, key.StateName, newETag, writtenAt, document)
                : session.Execute(
                    """
                    UPDATE grain_state SET etag = $4, written_at = $5, doc = CAST($6 AS TEXT)
                    WHERE grain_type = $1 AND grain_key = $2 AND state_name = $3 AND etag = $7
                    """,
                    key.GrainType, key.GrainKey, key.StateName, newETag, writtenAt, document, etag));
        grainState.ETag = newETag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = new Key(stateName, grainId);
        var etag = grainState.ETag;
        await ChangeAsync(
            key,
            etag,
            session => etag is null
                ? ETagOf(session, key) is null ? 1 : 0
                : session.Execute(
                    """
                    DELETE FROM grain_state
                    WHERE grain_type = $1 AND grain_key = $2 AND state_name = $3 AND etag = $4
                    """,
                    key.GrainType, key.GrainKey, key.StateName, etag));
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = activators.GetActivator<T>().Create();
    }

    /// <summary>Runs a change that answers 1 when it fits; on 0 somebody else was there before.</summary>
    private async Task ChangeAsync(Key key, string? etag, Func<SqliteSession, int> change)
    {
        (bool Changed, string? Stored) outcome;
        try
        {
            outcome = await writer.WriteAsync(
                session => change(session) == 1 ? (true, null) : (false, ETagOf(session, key)), CancellationToken.None);
        }
        catch (SqliteUnavailableException failure)
        {
            throw Unavailable(failure);
        }

        if (outcome.Changed)
            return;
        SqliteMetrics.Storage.Conflicted("grain_state");
        throw new InconsistentStateException(
            $"State {key.StateName} of {key.GrainType}/{key.GrainKey} was changed by another activation.",
            outcome.Stored ?? "none",
            etag ?? "none");
    }

    private static (string ETag, byte[] Document)? Find(SqliteSession session, Key key)
    {
        using var rows = session.Query(
            "SELECT etag, doc FROM grain_state WHERE grain_type = $1 AND grain_key = $2 AND state_name = $3",
            key.GrainType, key.GrainKey, key.StateName);
        return rows.Read() ? (rows.GetString(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    private static string? ETagOf(SqliteSession session, Key key) => (string?)session.Scalar(
        "SELECT etag FROM grain_state WHERE grain_type = $1 AND grain_key = $2 AND state_name = $3",
        key.GrainType, key.GrainKey, key.StateName);

    private static IndiiException Unavailable(SqliteUnavailableException failure) =>
        new(ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);

    private sealed record Key(string StateName, string GrainType, string GrainKey)
    {
        public Key(string stateName, GrainId grainId)
            : this(stateName, grainId.Type.ToString()!, grainId.Key.ToString()!)
        {
        }
    }
}
