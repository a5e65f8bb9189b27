using System.Globalization;
using System.Text;
using CsCheck;
using IndiiMusic.Grains.EventLog;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

/// <summary>Any order of appends, marks and reads ends as a list in memory would.</summary>
public sealed class SqliteOrderTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    [Fact]
    public async Task Any_order_of_appends_ends_as_a_list_would()
    {
        var appends = Gen.Select(Gen.Int[0, 2], Gen.Int[-2, 2], Gen.Int[1, 5]).List[1, 30];

        await appends.SampleAsync(
            async steps =>
            {
                var prefix = $"{Guid.CreateVersion7():N}";
                var model = new Dictionary<string, List<EventBatch>>(StringComparer.Ordinal);
                foreach (var (streamNumber, offset, eventCount) in steps)
                {
                    var stream = $"{prefix}/{streamNumber}";
                    if (!model.TryGetValue(stream, out var batches))
                        model.Add(stream, batches = []);
                    var expected = (batches.Count == 0 ? 0 : batches[^1].LastVersion) + 1;
                    // Most offsets are pulled to zero, so that streams do grow.
                    var firstVersion = Math.Max(1, expected + offset / 2);
                    var batch = new EventBatch(
                        stream, firstVersion, eventCount, DateTimeOffset.UnixEpoch, Body(firstVersion));
                    if (await TryAppendAsync(batch))
                        batches.Add(batch);
                    Assert.Equal(firstVersion == expected, batches.LastOrDefault() == batch);
                }

                foreach (var (stream, batches) in model)
                    await SameAsync(stream, batches);
            },
            iter: 60,
            threads: 1);
    }

    private static ReadOnlyMemory<byte> Body(long version) =>
        Encoding.UTF8.GetBytes(version.ToString(CultureInfo.InvariantCulture));

    private async Task<bool> TryAppendAsync(EventBatch batch)
    {
        try
        {
            await fixture.EventStore.AppendAsync(batch, default);
            return true;
        }
        catch (EventStoreConflictException)
        {
            return false;
        }
    }

    private async Task SameAsync(string stream, List<EventBatch> batches)
    {
        var read = new List<(long, long)>();
        await foreach (var batch in fixture.EventStore.ReadAsync(stream, 1, long.MaxValue, default))
            read.Add((batch.FirstVersion, batch.LastVersion));
        Assert.Equal(batches.Select(batch => (batch.FirstVersion, batch.LastVersion)), read);
    }
}
