using IndiiMusic.Api.Auth;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// Asks the sessions of open connections whether they go on, where that cannot be trusted any more: an open connection
/// sends no token that would be looked at. Only where gateways share sessions.
/// </summary>
internal sealed partial class LiveSessionChecks(
    PlaylistConnections connections,
    SharedSessions sessions,
    SessionDenylist ended,
    Standings standings,
    TimeProvider time,
    ILogger<LiveSessionChecks> logger) : BackgroundService
{
    private const int AskedAtOnceMax = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CheckAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private Task CheckAsync(CancellationToken stoppingToken)
    {
        var doubtful = connections.Open
            .Select(connection => connection.Principal)
            .Where(principal => !sessions.MayTrust(principal.CheckedAt))
            .Distinct();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = AskedAtOnceMax,
            CancellationToken = stoppingToken,
        };
        return Parallel.ForEachAsync(doubtful, options, async (principal, _) =>
        {
            try
            {
                if (!await standings.RenewAsync(principal))
                    ended.Add(principal.SessionId);
            }
            catch (Exception failure)
            {
                // No answer is no log-out: the silo may be away, and the next round asks again.
                LogNotAsked(failure);
            }
        });
    }
}
