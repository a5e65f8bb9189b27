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
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task Of_parallel_upserts_each_has_its_etag_and_the_last_ones_stays()
    {
        var grain = NewGrain();

        var etags = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => table.UpsertRow(Entry(grain, "daily")))));

        Assert.Equal(etags.Length, etags.Distinct().Count());
        var stored = Assert.Single((await table.ReadRows(grain)).Reminders);
        Assert.Contains(stored.ETag, etags);
        foreach (var etag in etags.Where(etag => etag != stored.ETag))
            Assert.False(await table.RemoveRow(grain, "daily", etag!));
        Assert.True(await table.RemoveRow(grain, "daily", stored.ETag!));
    }

    [Fact]
    public async Task Only_its_own_grain_name_and_etag_remove_a_reminder()
    {
        var (grain, other) = (NewGrain(), NewGrain());
        var etag = await table.UpsertRow(Entry(grain, "daily"));
        var others = await table.UpsertRow(Entry(other, "daily"));

        Assert.False(await table.RemoveRow(grain, "daily", "bla"));
        Assert.False(await table.RemoveRow(grain, "daily", others!));
        Assert.False(await table.RemoveRow(grain, "weekly", etag!));
        Assert.False(await table.RemoveRow(NewGrain(), "daily", etag!));

        Assert.Equal(etag, (await table.ReadRow(grain, "daily"))!.ETag);
        Assert.Equal(others, (await table.ReadRow(other, "daily"))!.ETag);
    }

    [Fact]
    public async Task A_removed_reminder_can_be_written_again()
    {
        var entry = Entry(NewGrain(), "daily");
        var first = await table.UpsertRow(entry);
        await table.RemoveRow(entry.GrainId, "daily", first!);

        var second = await table.UpsertRow(entry);

        Assert.NotEqual(first, second);
        Assert.False(await table.RemoveRow(entry.GrainId, "daily", first!));
        Assert.NotNull(await table.ReadRow(entry.GrainId, "daily"));
    }

    [Fact]
    public async Task The_whole_ring_has_every_reminder_once_however_it_is_cut()
    {
        const int Count = 300;
        const uint Half = uint.MaxValue / 2;
        var grains = Enumerable.Range(0, Count).Select(_ => NewGrain()).ToHashSet();
        await Task.WhenAll(grains.Select(grain => table.UpsertRow(Entry(grain, "daily"))));

        Assert.Equal(Count, await CountAsync((0, 0)));
        Assert.Equal(Count, await CountAsync((Half, Half)));
        Assert.Equal(Count, await CountAsync((0, Half), (Half, 0)));
        Assert.Equal(Count, await CountAsync((Half, uint.MaxValue), (uint.MaxValue, 7), (7, Half)));

        async Task<int> CountAsync(params (uint Begin, uint End)[] ranges)
        {
            var count = 0;
            foreach (var (begin, end) in ranges)
                count += (await table.ReadRows(begin, end)).Reminders.Count(entry => grains.Contains(entry.GrainId));
            return count;
        }
    }

    [Theory]
    [InlineData("a b_c/d")]
    [InlineData("$daily.%")]
    [InlineData("täglich-日本語")]
    public async Task A_name_may_be_any_text(string name)
    {
        var entry = Entry(NewGrain(), name);
        var etag = await table.UpsertRow(entry);

        Assert.Equal(name, (await table.ReadRow(entry.GrainId, name))!.ReminderName);
        Assert.True(await table.RemoveRow(entry.GrainId, name, etag!));
    }

    [Fact]
    public async Task Long_periods_and_milliseconds_come_back()
    {
        var entry = Entry(NewGrain(), "yearly");
        entry.StartAt = Start.AddMilliseconds(123);
        entry.Period = TimeSpan.FromDays(366) + TimeSpan.FromMilliseconds(1.5);
        await table.UpsertRow(entry);

        var read = (await table.ReadRow(entry.GrainId, "yearly"))!;

        Assert.Equal((entry.StartAt, entry.Period), (read.StartAt, read.Period));
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
