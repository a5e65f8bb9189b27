using System.Globalization;
using System.Text;
using CsCheck;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Infrastructure.MongoDb;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>How batches and snapshots stand in the database, small and large.</summary>
public sealed class MongoDbEventStoreTests(MongoDbEventStoreTests.SmallDocuments fixture)
    : IClassFixture<MongoDbEventStoreTests.SmallDocuments>
{
    private const int BodyBytesMax = 400;

    private IEventStore Store => fixture.Database.EventStore;

    private IMongoDatabase Raw => fixture.Database.Raw;

    [Fact]
    public async Task Writers_in_several_processes_never_fork_a_stream()
    {
        await using var second = fixture.Database.Build();
        await using var third = fixture.Database.Build();

        await RacingWriters.RunAsync(
            [Store, second.GetRequiredService<IEventStore>(), third.GetRequiredService<IEventStore>()], NewStream());
    }

    [Fact]
    public async Task A_batch_is_one_document_that_a_person_can_read()
    {
        var stream = NewStream();
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(9);
        var body = Utf8("""{"type":"t/1","commands":[{"n":1}]}""");
        await Store.AppendAsync(new EventBatch(stream, 1, 3, time, body), default);

        var document = Assert.Single(await DocumentsAsync("events", stream));

        Assert.Equal(
            new BsonDocument
            {
                { "_id", $"{stream}@0000000000000000001" },
                { "stream", stream },
                { "firstVersion", 1L },
                { "lastVersion", 3L },
                { "appendedAt", "2026-01-02T03:04:05.6780009Z" },
                { "outboxSince", "2026-01-02T03:04:05.6780009Z" },
                { "body", BsonDocument.Parse("""{type:"t/1",commands:[{n:1}]}""") },
            },
            document);
    }

    [Fact]
    public async Task Appending_to_a_stream_that_one_has_read_or_written_is_one_command()
    {
        if (fixture.Database.Server is not { } server)
            return;
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, "{}"), default);
        await using var second = fixture.Database.Build();
        var reader = second.GetRequiredService<IEventStore>();
        await foreach (var _ in reader.ReadAsync(stream, 1, 1, default))
        {
            // It knows the stream's end now.
        }

        var before = server.Commands["find"];
        await reader.AppendAsync(Batch(stream, 2, "{}"), default);
        await reader.AppendAsync(Batch(stream, 3, "{}"), default);

        Assert.Equal(before, server.Commands["find"]);
    }

    [Fact]
    public Task Batches_of_any_size_come_back_and_no_document_is_large() => Gen.Select(
        Gen.String[0, 700].Array[0, 6], Gen.Int[1, 3]).SampleAsync(
        async (texts, events) =>
        {
            var stream = NewStream();
            var next = 1L;
            foreach (var body in texts.Select(text => System.Text.Json.JsonSerializer.Serialize(new[] { text })))
            {
                await Store.AppendAsync(Batch(stream, next, body, events), default);
                next += events;
            }

            var read = new List<string>();
            await foreach (var batch in Store.ReadAsync(stream, 1, long.MaxValue, default))
                read.Add(System.Text.Json.JsonSerializer.Deserialize<string[]>(batch.Body.Span)![0]);

            Assert.Equal(texts.Select(text => System.Text.Json.JsonSerializer.Deserialize<string>(
                System.Text.Json.JsonSerializer.Serialize(text))), read);
            foreach (var document in await DocumentsAsync("events", stream))
                Assert.InRange(document.ToBson().Length, 1, BodyBytesMax + 400);
            foreach (var piece in await DocumentsAsync("event_pieces", stream))
                Assert.InRange(piece.ToBson().Length, 1, BodyBytesMax + 400);
        },
        iter: 40,
        threads: 1);

    [Fact]
    public Task Snapshots_of_any_size_come_back_and_leave_no_piece_when_they_are_thinned_out() => Gen.Select(
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 900].Array[1, 4]).Array[1, 12], Gen.Bool).SampleAsync(
        async (snapshots, _) =>
        {
            var stream = NewStream();
            var version = 0L;
            foreach (var (gap, sizes) in snapshots)
            {
                version += gap;
                await Store.WriteSnapshotAsync(Snapshot(stream, version, sizes), default);
                var read = (await Store.ReadSnapshotAsync(stream, version, default))!;
                Assert.Equal(
                    Snapshot(stream, version, sizes).Parts.Select(Text), read.Parts.Select(Text));
            }

            var owned = (await DocumentsAsync("snapshots", stream))
                .Where(head => head.Contains("pieces"))
                .Sum(head => head["pieces"]["count"].AsInt32);
            Assert.Equal(owned, (await DocumentsAsync("event_pieces", stream)).Count);
        },
        iter: 25,
        threads: 1);

    [Fact]
    public async Task Pieces_of_a_batch_that_lost_its_race_are_invisible_and_swept_when_they_are_old()
    {
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, Large('a')), default);
        await using var second = fixture.Database.Build(options => options.OrphanAge = TimeSpan.FromHours(1));
        var other = second.GetRequiredService<IEventStore>();
        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => other.AppendAsync(Batch(stream, 1, Large('b')), default));
        var all = (await DocumentsAsync("event_pieces", stream)).Count;
        Assert.True(all > 2);

        await other.WriteSnapshotAsync(Snapshot(stream, 1, [1]), default);
        Assert.Equal(all, (await DocumentsAsync("event_pieces", stream)).Count);
        await Store.WriteSnapshotAsync(Snapshot(stream, 2, [1]), default);

        Assert.Equal(all / 2, (await DocumentsAsync("event_pieces", stream)).Count);
        await foreach (var batch in Store.ReadAsync(stream, 1, 1, default))
            Assert.Equal(Large('a'), Text(batch.Body));
    }

    [Fact]
    public async Task Of_a_snapshot_that_lacks_pieces_an_older_one_is_read()
    {
        var stream = NewStream();
        await Store.WriteSnapshotAsync(Snapshot(stream, 10, [5]), default);
        await Store.WriteSnapshotAsync(Snapshot(stream, 20, [900, 900]), default);
        await Raw.GetCollection<BsonDocument>("event_pieces").DeleteOneAsync(
            new BsonDocument { { "stream", stream }, { "version", 20 } });

        Assert.Equal(10, (await Store.ReadSnapshotAsync(stream, 30, default))!.Version);
    }

    [Fact]
    public async Task A_published_batch_leaves_the_outboxs_index_and_is_otherwise_untouched()
    {
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, "{}"), default);
        var before = Assert.Single(await DocumentsAsync("events", stream));

        await using (var second = fixture.Database.Build(
            options => options.DeferredWriteDelay = TimeSpan.FromSeconds(10)))
        {
            // What waits at a clean stop is written before it.
            await second.GetRequiredService<IEventStore>().MarkPublishedAsync(stream, 1, default);
        }

        var after = Assert.Single(await DocumentsAsync("events", stream));
        before.Remove("outboxSince");
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Hundreds_of_marks_go_out_together()
    {
        const int count = 350;
        var stream = NewStream();
        for (var version = 1; version <= count; version++)
            await Store.AppendAsync(Batch(stream, version, "{}"), default);

        await using (var second = fixture.Database.Build())
        {
            var store = second.GetRequiredService<IEventStore>();
            for (var version = 1; version <= count; version++)
                await store.MarkPublishedAsync(stream, version, default);
        }

        Assert.DoesNotContain(await DocumentsAsync("events", stream), batch => batch.Contains("outboxSince"));
    }

    private static string NewStream() => $"test/{Guid.CreateVersion7():N}";

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private static string Large(char letter) => $"\"{new string(letter, 3 * BodyBytesMax)}\"";

    private static EventBatch Batch(string stream, long version, string body, int events = 1) =>
        new(stream, version, events, DateTimeOffset.UnixEpoch, Utf8(body));

    private static EventSnapshot Snapshot(string stream, long version, int[] sizes) => new(
        stream,
        version,
        [.. sizes.Select(size => (ReadOnlyMemory<byte>)Utf8(string.Create(
            CultureInfo.InvariantCulture, $"[{version},\"{new string('ü', size)}\"]")))]);

    private Task<List<BsonDocument>> DocumentsAsync(string collection, string stream) =>
        Raw.GetCollection<BsonDocument>(collection).Find(new BsonDocument("stream", stream)).ToListAsync();

    /// <summary>A database whose documents are small, so that nearly everything has to be split.</summary>
    public sealed class SmallDocuments : IAsyncLifetime, IAsyncDisposable
    {
        public MongoDbFixture Database { get; } = new(
            options =>
            {
                options.BodyBytesMax = BodyBytesMax;
                options.OrphanAge = TimeSpan.Zero;
            },
            faults: false);

        public Task InitializeAsync() => Database.InitializeAsync();

        Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
