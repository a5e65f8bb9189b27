using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Waits for Consul at the start, and says in the log for what, so that programs may start in any order. The host's
/// stop ends the waiting.
/// </summary>
internal sealed partial class ConsulPatience(
    ConsulClient consul,
    IOptions<ConsulOptions> options,
    TimeProvider time,
    ILogger<ConsulPatience> logger,
    IHostApplicationLifetime? lifetime = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(30);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="purpose">What is waited for, after "to".</param>
    /// <param name="ask">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <typeparam name="T">The answer.</typeparam>
    public async Task<T> UntilItAnswersAsync<T>(
        string purpose, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime?.ApplicationStopping ?? CancellationToken.None);
        var since = time.GetTimestamp();
        var said = TimeSpan.Zero;
        for (var failures = 1; ; failures++)
        {
            try
            {
                var answer = await ask(stop.Token);
                if (failures > 1)
                    LogAnswers(consul.Address, time.GetElapsedTime(since));
                return answer;
            }
            catch (ConsulException failure)
            {
                var waited = time.GetElapsedTime(since);
                if (waited >= said + ReminderInterval || failures == 1)
                {
                    said = waited;
                    LogWaiting(purpose, waited, failure.Message);
                }
            }

            await Task.Delay(
                ConsulBackoff.Delay(failures, FirstDelay, options.Value.RetryDelayMax), time, stop.Token);
        }
    }
}
