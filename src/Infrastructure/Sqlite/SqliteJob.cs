namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// Something to write. It may run more than once before its commit succeeds, always in a fresh transaction. One that
/// refuses (a conflict, say) answers so by its result, and changes nothing.
/// </summary>
internal abstract class SqliteJob
{
    /// <summary>Runs inside the writer's transaction, on its thread.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>It is on disk.</summary>
    public abstract void Succeed();

    /// <summary>It is not written, or nobody knows.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>A write that somebody waits for.</summary>
internal sealed class SqliteJob<T>(Func<SqliteSession, T> work) : SqliteJob
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    /// <summary>Completes after the commit.</summary>
    public Task<T> Done => _done.Task;

    public override void Run(SqliteSession session) => _result = work(session);

    public override void Succeed() => _done.SetResult(_result);

    public override void Fail(Exception failure) => _done.SetException(failure);
}
