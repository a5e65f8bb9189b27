using System.Text;
using CsCheck;
using IndiiMusic.Grains.EventLog;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>
/// Writers of one stream that stand anywhere: at its end, behind it, in the middle of a batch, ahead. Whatever they try
/// at once, the stream stays one row of batches, and holds exactly what was acknowledged.
/// </summary>
internal static class RacingWriters
{
    private const int Writers = 6;
    private const int TriesEach = 25;
    private const int EventsMax = 5;
    private const int AheadMax = 3;

    /// <summary>Writers take turns at the stores, each of which may be another process.</summary>
    public static Task RunAsync(IReadOnlyList<IEventStore> stores, string streamPrefix) =>
        Gen.Int.Array[Writers].SampleAsync(
            async seeds =>
            {
                var stream = $"{streamPrefix}/{Guid.CreateVersion7():N}";
                var acknowledged = await Task.WhenAll(seeds.Select((seed, writer) => Task.Run(
                    () => WriteAsync(stores[writer % stores.Count], stream, writer, new Random(seed)))));
                var expected = acknowledged.SelectMany(written => written).OrderBy(written => written.First).ToList();

                var next = 1L;
                foreach (var (first, events, _) in expected)
                {
                    Assert.Equal(next, first);
                    next += events;
                }

                var stored = new List<(long, int, string)>();
                await foreach (var batch in stores[0].ReadAsync(stream, 1, long.MaxValue, default))
                    stored.Add((batch.FirstVersion, batch.EventCount, Encoding.UTF8.GetString(batch.Body.Span)));
                Assert.Equal(expected, stored);
            },
            iter: 10,
            threads: 1);

    private static async Task<List<(long First, int Events, string Body)>> WriteAsync(
        IEventStore store, string stream, int writer, Random random)
    {
        var written = new List<(long First, int Events, string Body)>();
        var end = 0L;
        for (var number = 0; number < TriesEach; number++)
        {
            var stale = random.NextInt64(0, end + AheadMax);
            var first = 1 + (random.Next(3) == 0 ? stale : end = await EndAsync(store, stream, end));
            var events = random.Next(1, EventsMax);
            var body = $"[{writer},{number}]";
            try
            {
                await store.AppendAsync(
                    new EventBatch(stream, first, events, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(body)),
                    default);
                written.Add((first, events, body));
                end = first + events - 1;
            }
            catch (EventStoreConflictException)
            {
                // Another one was first, or the batch does not follow.
            }
        }

        return written;
    }

    private static async Task<long> EndAsync(IEventStore store, string stream, long known)
    {
        await foreach (var batch in store.ReadAsync(stream, known + 1, long.MaxValue, default))
            known = batch.LastVersion;
        return known;
    }
}
