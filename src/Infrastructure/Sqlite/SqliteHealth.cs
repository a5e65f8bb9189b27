using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>Whether the database takes writes, as the writer saw last; the log hears of each change once.</summary>
internal sealed partial class SqliteHealth(ILogger<SqliteHealth> logger)
{
    private volatile string? _problem;

    /// <summary>Why writes fail; null while they do not.</summary>
    public string? Problem => _problem;

    /// <summary>A commit succeeded.</summary>
    public void Succeeded()
    {
        if (_problem is null)
            return;
        _problem = null;
        LogWritableAgain();
    }

    /// <summary>A commit failed.</summary>
    public void Failed(SqliteUnavailableException failure)
    {
        if (_problem == failure.Message)
            return;
        _problem = failure.Message;
        LogNotWritable(failure.Message, failure.InnerException);
    }
}

/// <summary>Tells the host's health endpoints what <see cref="SqliteHealth"/> knows.</summary>
internal sealed class SqliteHealthCheck(SqliteHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.Problem is { } problem
            ? HealthCheckResult.Unhealthy(problem)
            : HealthCheckResult.Healthy("The database takes writes."));
}
