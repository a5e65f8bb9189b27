using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Waits for the database before any other service of the host starts, says what it waits for, and makes the indexes.
/// Gives up after <see cref="MongoDbOptions.StartPatience"/>, and at once where waiting cannot help.
/// </summary>
internal sealed partial class MongoDbStartup(
    MongoDbDatabase database, IOptions<MongoDbOptions> options, TimeProvider time, ILogger<MongoDbStartup> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await database.MakeIndexesAsync(cancellationToken);
                return;
            }
            catch (Exception failure) when (MongoDbFailures.ConcernsStorage(failure))
            {
                var problem = database.Describe(failure);
                if (MongoDbFailures.IsLasting(failure)
                    || time.GetElapsedTime(start) + pause > options.Value.StartPatience)
                {
                    throw new StartRefusedException(problem);
                }

                LogWaiting(problem, pause);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
