using System.Text;
using IndiiMusic.Grains.EventLog;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>What every event store does, whichever database is behind it. Each test makes its own streams.</summary>
public abstract class EventStoreConformance(IEventStore store)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);

    [Fact]
    public async Task What_was_appended_is_read_as_it_was()
    {
        var stream = NewStream();
        var first = Batch(stream, 1, 3, """{"name":"Ænima — 日本語 \u0000 \"quoted\""}""");
        var second = Batch(stream, 4, 1);
        await store.AppendAsync(first, default);
        await store.AppendAsync(second, default);

        Equal([first, second], await ReadAsync(stream, 1, long.MaxValue));
    }

    [Fact]
    public async Task A_stream_nobody_wrote_is_empty()
    {
        var stream = NewStream();

        Assert.Empty(await ReadAsync(stream, 1, long.MaxValue));
        Assert.Empty(await ReadBackwardsAsync(stream, long.MaxValue, 10));
        Assert.Null(await store.ReadSnapshotAsync(stream, long.MaxValue, default));
    }

    [Theory]
    [InlineData(1, 9, new long[] { 1, 4, 8 })]
    [InlineData(1, 1, new long[] { 1 })]
    [InlineData(3, 4, new long[] { 1, 4 })]
    [InlineData(5, 6, new long[] { 4 })]
    [InlineData(8, 8, new long[] { 8 })]
    [InlineData(9, 100, new long[] { 8 })]
    [InlineData(10, 100, new long[] { })]
    [InlineData(6, 5, new long[] { })]
    [InlineData(0, 3, new long[] { 1 })]
    public async Task A_range_reads_the_batches_that_hold_its_versions(long from, long to, long[] firstVersions)
    {
        var stream = NewStream();
        await AppendAsync(stream, 3, 4, 2);

        Assert.Equal(firstVersions, (await ReadAsync(stream, from, to)).Select(batch => batch.FirstVersion));
    }

    [Theory]
    [InlineData(long.MaxValue, 10, new long[] { 8, 4, 1 })]
    [InlineData(9, 2, new long[] { 8, 4 })]
    [InlineData(8, 1, new long[] { 8 })]
    [InlineData(7, 10, new long[] { 4, 1 })]
    [InlineData(1, 10, new long[] { 1 })]
    [InlineData(0, 10, new long[] { })]
    [InlineData(9, 0, new long[] { })]
    public async Task Backwards_reads_the_newest_first(long from, int batchesMax, long[] firstVersions)
    {
        var stream = NewStream();
        await AppendAsync(stream, 3, 4, 2);

        Assert.Equal(
            firstVersions, (await ReadBackwardsAsync(stream, from, batchesMax)).Select(batch => batch.FirstVersion));
    }

    [Fact]
    public async Task Streams_whose_keys_begin_alike_stay_apart()
    {
        var stream = NewStream();
        await AppendAsync(stream, 1);
        await AppendAsync(stream + "/more", 2, 2);
        await AppendAsync(stream.ToUpperInvariant(), 5);

        Assert.Single(await ReadAsync(stream, 1, long.MaxValue));
        Assert.Equal(2, (await ReadAsync(stream + "/more", 1, long.MaxValue)).Count);
        Assert.Equal(5, Assert.Single(await ReadAsync(stream.ToUpperInvariant(), 1, long.MaxValue)).EventCount);
    }

    [Fact]
    public async Task Thousands_of_batches_are_read_in_order_both_ways()
    {
        const int Count = 2_500;
        var stream = NewStream();
        for (var start = 1; start <= Count; start += 100)
        {
            // Appends of one stream wait for each other, as they do in the grain that owns it.
            for (var version = start; version < start + 100; version++)
                await store.AppendAsync(Batch(stream, version, 1), default);
        }

        var versions = (await ReadAsync(stream, 1, long.MaxValue)).Select(batch => (int)batch.FirstVersion);
        var backwards = (await ReadBackwardsAsync(stream, long.MaxValue, Count - 1))
            .Select(batch => (int)batch.FirstVersion);

        Assert.Equal(Enumerable.Range(1, Count), versions);
        Assert.Equal(Enumerable.Range(2, Count - 1).Reverse(), backwards);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task A_batch_that_overlaps_what_is_there_conflicts(long firstVersion)
    {
        var stream = NewStream();
        await AppendAsync(stream, 3, 4, 2);
        var before = await ReadAsync(stream, 1, long.MaxValue);

        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => store.AppendAsync(Batch(stream, firstVersion, 5, """{"late":true}"""), default));

        Equal(before, await ReadAsync(stream, 1, long.MaxValue));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(1_000)]
    public async Task A_batch_that_leaves_a_gap_conflicts(long firstVersion)
    {
        var stream = NewStream();
        await AppendAsync(stream, 9);

        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => store.AppendAsync(Batch(stream, firstVersion, 1), default));
        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => store.AppendAsync(Batch(NewStream(), 2, 1), default));

        Assert.Equal(9, Assert.Single(await ReadAsync(stream, 1, long.MaxValue)).LastVersion);
    }

    [Fact]
    public async Task A_batch_that_conflicts_does_not_reach_the_outbox()
    {
        var stream = NewStream();
        var time = new DateTimeOffset(1971, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await store.AppendAsync(Batch(stream, 1, 1, time: time), default);

        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => store.AppendAsync(Batch(stream, 1, 1, """{"late":true}""", time), default));

        Assert.Equal("{}", Text(Assert.Single(await UnpublishedAsync(stream, time.AddDays(1))).Body));
    }

    [Fact]
    public async Task Of_many_writers_exactly_one_wins_each_version()
    {
        const int Writers = 8;
        const int Versions = 25;
        var stream = NewStream();

        var won = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var versions = new List<long>();
            for (var version = 1; version <= Versions; version++)
            {
                try
                {
                    await store.AppendAsync(Batch(stream, version, 1, $$"""{"writer":{{writer}}}"""), default);
                    versions.Add(version);
                }
                catch (EventStoreConflictException)
                {
                    // Another one was first.
                }
            }

            return versions;
        })));

        var stored = await ReadAsync(stream, 1, long.MaxValue);
        Assert.Equal(Enumerable.Range(1, Versions), stored.Select(batch => (int)batch.FirstVersion));
        for (var writer = 0; writer < Writers; writer++)
        {
            var its = stored.Where(batch => Text(batch.Body) == $$"""{"writer":{{writer}}}""");
            Assert.Equal(won[writer], its.Select(batch => batch.FirstVersion));
        }
    }

    [Fact]
    public Task Writers_at_any_position_never_fork_a_stream_nor_leave_a_gap() =>
        RacingWriters.RunAsync([store], NewStream());

    [Fact]
    public async Task Many_streams_are_appended_to_at_once()
    {
        var streams = Enumerable.Range(0, 40).Select(_ => NewStream()).ToList();

        await Task.WhenAll(streams.Select(stream => Task.Run(() => AppendAsync(stream, 2, 1, 3, 1, 1))));

        foreach (var stream in streams)
        {
            var batches = await ReadAsync(stream, 1, long.MaxValue);
            Assert.Equal([1, 3, 4, 7, 8], batches.Select(batch => batch.FirstVersion));
        }
    }

    [Fact]
    public async Task A_body_of_five_megabytes_comes_back_whole()
    {
        var stream = NewStream();
        var large = Batch(stream, 1, 500, $$"""{"text":"{{new string('x', 5 * 1024 * 1024)}}"}""");
        await store.AppendAsync(large, default);
        await store.AppendAsync(large with { FirstVersion = 501 }, default);

        Equal([large, large with { FirstVersion = 501 }], await ReadAsync(stream, 1, long.MaxValue));
    }

    [Fact]
    public async Task A_body_beyond_what_one_document_holds_comes_back_whole_and_fences()
    {
        var stream = NewStream();
        var entry = $$"""{"track":"{{Guid.CreateVersion7()}}","by":"{{Guid.CreateVersion7()}}","at":"{{Now:O}}ü"}""";
        var large = Batch(stream, 1, 500, $"[{string.Join(',', Enumerable.Repeat(entry, 140_000))}]");
        Assert.InRange(large.Body.Length, 17 * 1024 * 1024, 32 * 1024 * 1024);
        await store.AppendAsync(large, default);

        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => store.AppendAsync(large with { Body = "[]"u8.ToArray() }, default));

        Equal([large], await ReadAsync(stream, 1, long.MaxValue));
    }

    [Fact]
    public async Task A_body_of_many_small_values_comes_back_whole()
    {
        // A database that gives each value a name and a type makes far more of it.
        var stream = NewStream();
        var many = Batch(stream, 1, 1, $"[{string.Join(',', Enumerable.Repeat(7, 1_000_000))}]");
        await store.AppendAsync(many, default);

        Equal([many], await ReadAsync(stream, 1, long.MaxValue));
    }

    [Fact]
    public async Task A_snapshot_beyond_what_one_document_holds_comes_back_whole()
    {
        var stream = NewStream();
        var parts = Enumerable.Range(0, 6)
            .Select(part => $"\"{new string((char)('a' + part), EventSnapshot.PartBytesMax - 2)}\"")
            .Append("{}")
            .ToArray();
        await store.WriteSnapshotAsync(Snapshot(stream, 1, "[]"), default);
        await store.WriteSnapshotAsync(Snapshot(stream, 9, parts), default);
        await store.WriteSnapshotAsync(Snapshot(stream, 9, [.. parts.Reverse()]), default);

        Assert.Equal(parts, (await store.ReadSnapshotAsync(stream, 10, default))!.Parts.Select(Text));
        Assert.Equal(["[]"], (await store.ReadSnapshotAsync(stream, 8, default))!.Parts.Select(Text));
    }

    [Fact]
    public async Task Part_of_a_larger_array_is_stored_as_that_part()
    {
        var stream = NewStream();
        var buffer = Encoding.UTF8.GetBytes("""before{"a":1}after""");
        await store.AppendAsync(Batch(stream, 1, 1) with { Body = buffer.AsMemory(6, 7) }, default);

        Assert.Equal("""{"a":1}""", Text(Assert.Single(await ReadAsync(stream, 1, 1)).Body));
    }

    [Fact]
    public async Task A_reader_may_stop_early_or_write_while_it_reads()
    {
        var stream = NewStream();
        await AppendAsync(stream, [.. Enumerable.Repeat(1, 300)]);

        var read = 0L;
        await foreach (var batch in store.ReadAsync(stream, 1, 300, default))
        {
            read = batch.LastVersion;
            if (read == 299)
                break;
            if (read % 100 == 0)
                await store.AppendAsync(Batch(stream, 300 + read / 100, 1), default);
        }

        Assert.Equal(299, read);
        Assert.Equal(302, (await ReadAsync(stream, 1, long.MaxValue)).Count);
    }

    [Fact]
    public async Task What_can_be_no_batch_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(Batch("", 1, 1), default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(Batch(NewStream(), 0, 1), default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(Batch(NewStream(), 1, 0), default));
    }

    [Fact]
    public async Task The_outbox_holds_a_batch_until_it_is_marked()
    {
        var stream = NewStream();
        var time = new DateTimeOffset(1981, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var batches = new[] { Batch(stream, 1, 2, time: time), Batch(stream, 3, 1, time: time.AddHours(1)) };
        foreach (var batch in batches)
            await store.AppendAsync(batch, default);
        Equal(batches, await UnpublishedAsync(stream, time.AddDays(1)));

        await store.MarkPublishedAsync(stream, 1, default);

        await EventuallyAsync(async () => (await UnpublishedAsync(stream, time.AddDays(1))).Count == 1);
        Equal(batches[1..], await UnpublishedAsync(stream, time.AddDays(1)));
        Equal(batches, await ReadAsync(stream, 1, long.MaxValue));
    }

    [Fact]
    public async Task The_outbox_gives_the_oldest_first_and_only_what_is_old_enough()
    {
        var time = new DateTimeOffset(1961, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var streams = new[] { NewStream(), NewStream(), NewStream(), NewStream() };
        await store.AppendAsync(Batch(streams[0], 1, 1, time: time.AddMinutes(3)), default);
        await store.AppendAsync(Batch(streams[1], 1, 1, time: time.AddMinutes(1)), default);
        await store.AppendAsync(Batch(streams[2], 1, 1, time: time.AddMinutes(2)), default);
        await store.AppendAsync(Batch(streams[3], 1, 1, time: time.AddMinutes(9)), default);

        Assert.Equal([streams[1], streams[2], streams[0]], await StreamsAsync(time.AddMinutes(9), 100));
        Assert.Equal([streams[1], streams[2]], await StreamsAsync(time.AddMinutes(9), 2));

        async Task<IEnumerable<string>> StreamsAsync(DateTimeOffset before, int batchesMax) =>
            (await ListAsync(store.ReadUnpublishedAsync(before, batchesMax, default))).Select(batch => batch.Stream);
    }

    [Fact]
    public async Task The_outbox_says_how_much_it_holds_and_since_when()
    {
        var first = new DateTimeOffset(1951, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var before = await store.ReadOutboxAsync(int.MaxValue, default);
        var stream = NewStream();
        await store.AppendAsync(Batch(stream, 1, 1, time: first), default);
        await store.AppendAsync(Batch(stream, 2, 1, time: first.AddHours(1)), default);

        Assert.Equal(new OutboxStanding(before.Batches + 2, first), await store.ReadOutboxAsync(int.MaxValue, default));
        Assert.Equal(new OutboxStanding(1, first), await store.ReadOutboxAsync(1, default));

        await store.MarkPublishedAsync(stream, 1, default);
        await store.MarkPublishedAsync(stream, 2, default);
        await EventuallyAsync(async () => await store.ReadOutboxAsync(int.MaxValue, default) == before);
    }

    [Fact]
    public async Task Marking_twice_or_what_is_not_there_is_no_error()
    {
        var stream = NewStream();
        await AppendAsync(stream, 1);

        await store.MarkPublishedAsync(stream, 1, default);
        await store.MarkPublishedAsync(stream, 1, default);
        await store.MarkPublishedAsync(NewStream(), 7, default);

        await EventuallyAsync(async () => (await UnpublishedAsync(stream, DateTimeOffset.MaxValue)).Count == 0);
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, 10L)]
    [InlineData(29, 10L)]
    [InlineData(30, 30L)]
    [InlineData(long.MaxValue, 30L)]
    public async Task The_newest_snapshot_at_or_before_a_version_is_read(long version, long? found)
    {
        var stream = NewStream();
        await store.WriteSnapshotAsync(Snapshot(stream, 10, "{}"), default);
        await store.WriteSnapshotAsync(Snapshot(stream, 30, "{}"), default);
        await store.WriteSnapshotAsync(Snapshot(NewStream(), 20, "{}"), default);

        Assert.Equal(found, (await store.ReadSnapshotAsync(stream, version, default))?.Version);
    }

    [Fact]
    public async Task The_parts_of_a_snapshot_keep_their_order()
    {
        var stream = NewStream();
        var parts = Enumerable.Range(0, 12).Select(part => $$"""{"part":{{part}}}""").ToArray();
        await store.WriteSnapshotAsync(Snapshot(stream, 5, parts), default);

        var read = await store.ReadSnapshotAsync(stream, 5, default);

        Assert.Equal(parts, read!.Parts.Select(Text));
    }

    [Fact]
    public async Task Writing_a_snapshot_again_changes_nothing()
    {
        var stream = NewStream();
        await store.WriteSnapshotAsync(Snapshot(stream, 5, "1", "2"), default);
        await store.WriteSnapshotAsync(Snapshot(stream, 5, "3", "4", "5"), default);

        Assert.Equal(["1", "2"], (await store.ReadSnapshotAsync(stream, 5, default))!.Parts.Select(Text));
    }

    [Fact]
    public async Task A_snapshot_has_parts_of_four_megabytes_and_no_more()
    {
        var stream = NewStream();
        var largest = $"\"{new string('x', EventSnapshot.PartBytesMax - 2)}\"";
        await store.WriteSnapshotAsync(Snapshot(stream, 1, largest, largest), default);

        Assert.Equal([largest, largest], (await store.ReadSnapshotAsync(stream, 1, default))!.Parts.Select(Text));
        await Assert.ThrowsAsync<ArgumentException>(
            () => store.WriteSnapshotAsync(Snapshot(stream, 2, largest + " "), default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteSnapshotAsync(Snapshot(stream, 2), default));
    }

    [Fact]
    public async Task Of_many_snapshots_the_newest_stays_and_old_versions_keep_one_nearby()
    {
        const int Newest = 400;
        var stream = NewStream();
        for (var version = 1; version <= Newest; version++)
            await store.WriteSnapshotAsync(Snapshot(stream, version, $"{version}"), default);

        Assert.Equal(Newest, (await store.ReadSnapshotAsync(stream, long.MaxValue, default))!.Version);
        for (var version = 100; version <= Newest; version += 7)
        {
            var found = (await store.ReadSnapshotAsync(stream, version, default))!;
            Assert.Equal($"{found.Version}", Text(found.Parts[0]));
            Assert.InRange(version - found.Version, 0, (Newest - version) / 2);
        }
    }

    private static string NewStream() => $"test/{Guid.CreateVersion7():N}";

    private static EventBatch Batch(
        string stream, long firstVersion, int eventCount, string body = "{}", DateTimeOffset? time = null) =>
        new(stream, firstVersion, eventCount, time ?? Now, Encoding.UTF8.GetBytes(body));

    private static EventSnapshot Snapshot(string stream, long version, params string[] parts) =>
        new(stream, version, [.. parts.Select(part => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(part))]);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static void Equal(IEnumerable<EventBatch> expected, IEnumerable<EventBatch> actual) => Assert.Equal(
        expected.Select(batch => (batch with { Body = default }, Text(batch.Body))),
        actual.Select(batch => (batch with { Body = default }, Text(batch.Body))));

    private static async Task<List<EventBatch>> ListAsync(IAsyncEnumerable<EventBatch> batches)
    {
        var list = new List<EventBatch>();
        await foreach (var batch in batches)
            list.Add(batch);
        return list;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private async Task AppendAsync(string stream, params int[] eventCounts)
    {
        var version = 1;
        foreach (var eventCount in eventCounts)
        {
            await store.AppendAsync(Batch(stream, version, eventCount), default);
            version += eventCount;
        }
    }

    private Task<List<EventBatch>> ReadAsync(string stream, long from, long to) =>
        ListAsync(store.ReadAsync(stream, from, to, default));

    private Task<List<EventBatch>> ReadBackwardsAsync(string stream, long from, int batchesMax) =>
        ListAsync(store.ReadBackwardsAsync(stream, from, batchesMax, default));

    private async Task<List<EventBatch>> UnpublishedAsync(string stream, DateTimeOffset before) =>
        [.. (await ListAsync(store.ReadUnpublishedAsync(before, int.MaxValue, default)))
            .Where(batch => batch.Stream == stream)];
}
