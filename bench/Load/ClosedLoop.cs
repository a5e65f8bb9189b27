using System.Diagnostics;

namespace IndiiMusic.Bench.Load;

/// <summary>Callers who each make the next call as soon as the last is answered.</summary>
internal static class ClosedLoop
{
    /// <param name="callers">How many call at the same time.</param>
    /// <param name="runTime">How long they go on.</param>
    /// <param name="callAsync">Makes one call of a caller, who are numbered from 0.</param>
    /// <returns>Calls answered per second.</returns>
    public static async Task<double> RunAsync(int callers, TimeSpan runTime, Func<int, Task> callAsync)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(runTime.TotalSeconds * Stopwatch.Frequency);
        var answered = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var calls = 0L;
            while (Stopwatch.GetTimestamp() < end)
            {
                await callAsync(caller);
                calls++;
            }

            return calls;
        })));
        return answered.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Makes so many calls in all, so many of them at a time.</summary>
    public static Task CountAsync(int count, int concurrency, Func<Task> callAsync) =>
        ForEachAsync(count, concurrency, _ => callAsync());

    /// <summary>Makes a call for each number from 0, so many of them at a time.</summary>
    public static Task ForEachAsync(int count, int concurrency, Func<int, Task> callAsync) => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = concurrency },
        async (i, _) => await callAsync(i));
}
