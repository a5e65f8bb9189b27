using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>Looks up all <see cref="ISampledFigures"/> of this process, again and again while it runs.</summary>
internal sealed partial class FigureSampling(
    IEnumerable<ISampledFigures> figures,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<FigureSampling> logger) : BackgroundService
{
    /// <summary>How old a figure may be; about as often as Prometheus is usually told to look.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var onStopping = stoppingToken.Register(() => started.TrySetCanceled(stoppingToken));
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            await started.Task;
            do
            {
                foreach (var each in figures)
                    await SampleAsync(each, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task SampleAsync(ISampledFigures each, CancellationToken stoppingToken)
    {
        try
        {
            await each.SampleAsync(stoppingToken);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // Whatever keeps a figure away is told of by those who need it for more than a figure.
            LogNotSampled(each.GetType().Name, failure);
        }
    }
}
