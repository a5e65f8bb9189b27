using CsCheck;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>
/// What every reminder table does, whichever database is behind it. Each test makes its own grain ids.
/// </summary>
public abstract class ReminderTableConformance(IReminderTable table)
{
    private static readonly DateTime Start = new(2026, 5, 6, 7, 8, 9, DateTimeKind.Utc);

    [Fact]
    public async Task A_reminder_is_read_as_it_was_written()
    {
        var entry = Entry(NewGrain(), "daily");
        var etag = await table.UpsertRow(entry);

        var read = await table.ReadRow(entry.GrainId, "daily");

        Assert.NotNull(read);
        Assert.Equal((entry.GrainId, "daily"), (read.GrainId, read.ReminderName));
        Assert.Equal((entry.StartAt, entry.Period), (read.StartAt, read.Period));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.Equal(etag, read.ETag);
    }

    [Fact]
    public async Task A_reminder_nobody_wrote_is_none()
    {
        var grain = NewGrain();

        Assert.Null(await table.ReadRow(grain, "daily"));
        Assert.Empty((await table.ReadRows(grain)).Reminders);
    }

    [Fact]
    public async Task Writing_again_replaces_and_gives_a_new_etag()
    {
        var entry = Entry(NewGrain(), "daily");
        var first = await table.UpsertRow(entry);
        entry.StartAt = Start.AddDays(1);
        entry.Period = TimeSpan.FromMinutes(1);

        var second = await table.UpsertRow(entry);

        Assert.NotEqual(first, second);
        var read = Assert.Single((await table.ReadRows(entry.GrainId)).Reminders);
        Assert.Equal((Start.AddDays(1), TimeSpan.FromMinutes(1), second), (read.StartAt, read.Period, read.ETag));
    }

    [Fact]
    public async Task Only_the_present_etag_removes()
    {
        var entry = Entry(NewGrain(), "daily");
        var first = await table.UpsertRow(entry);
        var second = await table.UpsertRow(entry);

        Assert.False(await table.RemoveRow(entry.GrainId, "daily", first!));
        Assert.NotNull(await table.ReadRow(entry.GrainId, "daily"));

        Assert.True(await table.RemoveRow(entry.GrainId, "daily", second!));
        Assert.Null(await table.ReadRow(entry.GrainId, "daily"));
        Assert.False(await table.RemoveRow(entry.GrainId, "daily", second!));
    }

    [Fact]
    public async Task A_grain_has_reminders_of_several_names()
    {
        var grain = NewGrain();
        await table.UpsertRow(Entry(grain, "daily"));
        await table.UpsertRow(Entry(grain, "weekly"));
        await table.UpsertRow(Entry(NewGrain(), "daily"));

        var names = (await table.ReadRows(grain)).Reminders.Select(entry => entry.ReminderName);

        Assert.Equal(["daily", "weekly"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_range_of_the_ring_leaves_out_its_begin_and_has_its_end()
    {
        var grain = NewGrain();
        var hash = grain.GetUniformHashCode();
        await table.UpsertRow(Entry(grain, "daily"));

        Assert.True(await HasAsync(grain, unchecked(hash - 1), hash));
        Assert.False(await HasAsync(grain, hash, unchecked(hash + 1)));
        Assert.True(await HasAsync(grain, hash, hash));
        Assert.True(await HasAsync(grain, 0, 0));
    }

    [Fact]
    public async Task Ranges_of_the_ring_find_the_same_as_looking_at_each_hash()
    {
        var grains = Enumerable.Range(0, 50).Select(_ => NewGrain()).ToList();
        foreach (var grain in grains)
            await table.UpsertRow(Entry(grain, "daily"));
        var bound = Gen.OneOf(Gen.UInt, Gen.Int[0, 49].Select(i => grains[i].GetUniformHashCode()));

        await Gen.Select(bound, bound).SampleAsync(
            async (begin, end) =>
            {
                var found = (await table.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId).ToHashSet();
                Assert.Equal(
                    grains.Where(grain => IsWithin(grain.GetUniformHashCode(), begin, end)).ToHashSet(),
                    grains.Where(found.Contains).ToHashSet());
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task Many_grains_write_at_once()
    {
        var grains = Enumerable.Range(0, 50).Select(_ => NewGrain()).ToList();

        await Task.WhenAll(grains.Select(grain => Task.Run(() => table.UpsertRow(Entry(grain, "daily")))));

        foreach (var grain in grains)
            Assert.NotNull(await table.ReadRow(grain, "daily"));
    }

    /// <summary>
    /// Walks the ring from begin to end, by the distances that unsigned numbers have when they wrap round.
    /// </summary>
    private static bool IsWithin(uint hash, uint begin, uint end) =>
        begin == end || unchecked(hash - begin - 1) < unchecked(end - begin);

    private static GrainId NewGrain() => GrainId.Create("sample", $"{Guid.CreateVersion7():N}");

    private static ReminderEntry Entry(GrainId grain, string name) => new()
    {
        GrainId = grain,
        ReminderName = name,
        StartAt = Start,
        Period = TimeSpan.FromHours(24),
    };

    private async Task<bool> HasAsync(GrainId grain, uint begin, uint end) =>
        (await table.ReadRows(begin, end)).Reminders.Any(entry => entry.GrainId == grain);
}
