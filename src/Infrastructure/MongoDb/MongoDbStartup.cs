using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Waits for the database before the silo does anything else, says what it waits for, and makes the indexes.
/// Gives up after <see cref="MongoDbOptions.StartPatience"/>, and at once where waiting cannot help.
/// </summary>
internal sealed partial class MongoDbStartup(
    MongoDbDatabase database, IOptions<MongoDbOptions> options, TimeProvider time, ILogger<MongoDbStartup> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(MongoDbStartup), ServiceLifecycleStage.First, WaitAsync);

    /// <summary>Returns when the database answers and has its indexes.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
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
}
