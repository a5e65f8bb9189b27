using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.MongoDb;
using IndiiMusic.Infrastructure.Tests.Conformance;
using IndiiMusic.MongoDbServer.FaultInjection;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>
/// A database that fails in every way that one can: nothing that was acknowledged is lost, nothing stands twice, and
/// all goes on afterwards.
/// </summary>
public sealed class MongoDbFaultTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromMilliseconds(400);

    private readonly MongoDbFixture _fixture = new(
        options =>
        {
            options.OperationTimeout = OperationTimeout;
            options.ServerSelectionTimeout = OperationTimeout;
            options.DeferredWriteDelay = TimeSpan.FromMilliseconds(5);
        },
        faults: true);

    private IEventStore Store => _fixture.EventStore;

    private FaultPlan Faults => _fixture.Server.Faults;

    public Task InitializeAsync() => _fixture.InitializeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(nameof(FaultBuilder.DropBeforeWrite), false)]
    [InlineData(nameof(FaultBuilder.DropAfterWrite), true)]
    [InlineData(nameof(FaultBuilder.NotPrimary), false)]
    [InlineData(nameof(FaultBuilder.WriteConcernTimeout), true)]
    [InlineData(nameof(FaultBuilder.WriteConcernShutdown), true)]
    [InlineData(nameof(FaultBuilder.HoldReply), true)]
    public async Task An_append_whose_outcome_is_unknown_says_so_and_a_reload_tells(string kind, bool tookEffect)
    {
        var stream = NewStream();
        await EventuallyAsync(() => Store.AppendAsync(Batch(stream, 1, "first"), default));

        var fault = Begin(kind, "insert", "events", times: 10);
        await Assert.ThrowsAsync<EventStoreUnavailableException>(
            () => Store.AppendAsync(Batch(stream, 2, "second"), default));
        fault.Dispose();

        var versions = await EventuallyAsync(() => VersionsAsync(stream));
        Assert.Equal(tookEffect ? [1, 2] : [1], versions);
        if (tookEffect)
        {
            await Assert.ThrowsAsync<EventStoreConflictException>(
                () => Store.AppendAsync(Batch(stream, 2, "third"), default));
        }
        else
        {
            await Store.AppendAsync(Batch(stream, 2, "third"), default);
        }
    }

    [Theory]
    [InlineData(nameof(FaultBuilder.DropBeforeWrite))]
    [InlineData(nameof(FaultBuilder.DropAfterWrite))]
    [InlineData(nameof(FaultBuilder.NotPrimary))]
    [InlineData(nameof(FaultBuilder.WriteConcernShutdown))]
    public async Task What_the_driver_mends_by_one_retry_nobody_notices(string kind)
    {
        var stream = NewStream();
        await using var patient = _fixture.Build(Patient);
        var store = patient.GetRequiredService<IEventStore>();
        using (Begin(kind, "insert", "events", times: 1))
            await store.AppendAsync(Batch(stream, 1, "first"), default);

        Assert.Equal([1], await EventuallyAsync(() => VersionsAsync(stream)));
    }

    [Fact]
    public async Task A_key_that_a_server_calls_taken_is_a_conflict()
    {
        using var fault = Faults.On("insert").To("events").Once().DuplicateKey();

        await Assert.ThrowsAsync<EventStoreConflictException>(
            () => Store.AppendAsync(Batch(NewStream(), 1, "first"), default));
    }

    [Fact]
    public async Task Reads_that_fail_say_so_and_never_that_there_is_nothing()
    {
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, "first"), default);

        using (Faults.On("find").DropBeforeWrite())
        {
            await Assert.ThrowsAsync<EventStoreUnavailableException>(() => VersionsAsync(stream));
            await Assert.ThrowsAsync<EventStoreUnavailableException>(() => Store.ReadSnapshotAsync(stream, 1, default));
            var failure = await Assert.ThrowsAsync<IndiiException>(() => _fixture.GrainStorage.ReadStateAsync(
                "state", GrainId.Create("sample", "a"), new SampleGrainState()));
            Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
            failure = await Assert.ThrowsAsync<IndiiException>(
                () => _fixture.ReminderTable.ReadRows(GrainId.Create("sample", "a")));
            Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
        }

        Assert.Equal([1], await EventuallyAsync(() => VersionsAsync(stream)));
    }

    [Fact]
    public async Task Reading_a_stream_to_its_end_asks_whether_the_primary_still_is_one()
    {
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, "first"), default);
        using (var fault = Faults.On("find").Where(IsLinearizable).NotPrimary())
        {
            await Assert.ThrowsAsync<EventStoreUnavailableException>(() => VersionsAsync(stream));
            Assert.NotEqual(0, fault.Times);
        }

        Assert.Equal([1], await EventuallyAsync(() => VersionsAsync(stream)));
    }

    [Fact]
    public async Task A_server_that_cannot_say_so_is_asked_once_and_read_all_the_same()
    {
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, "first"), default);
        using var fault = Faults.On("find").Where(IsLinearizable).AnswerError(123, "NotAReplicaSet", "no replica set");

        Assert.Equal([1], await VersionsAsync(stream));
        Assert.Equal([1], await VersionsAsync(stream));

        Assert.Equal(1, fault.Times);
    }

    [Theory]
    [InlineData(nameof(FaultBuilder.DropAfterWrite), true)]
    [InlineData(nameof(FaultBuilder.DropBeforeWrite), false)]
    [InlineData(nameof(FaultBuilder.WriteConcernTimeout), true)]
    [InlineData(nameof(FaultBuilder.HoldReply), true)]
    public async Task A_state_whose_write_is_unknown_keeps_its_etag_and_the_next_read_tells(
        string kind, bool tookEffect)
    {
        var grain = GrainId.Create("sample", Guid.CreateVersion7().ToString("N"));
        var state = new SampleGrainState();
        state.State.Name = "first";
        await _fixture.GrainStorage.WriteStateAsync("state", grain, state);
        var etag = state.ETag;
        state.State.Name = "second";

        using (Begin(kind, "update", "Grainsstate", times: 10))
        {
            var failure = await Assert.ThrowsAsync<IndiiException>(
                () => _fixture.GrainStorage.WriteStateAsync("state", grain, state));
            Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
            Assert.Equal(etag, state.ETag);
        }

        var read = new SampleGrainState();
        await EventuallyAsync(() => _fixture.GrainStorage.ReadStateAsync("state", grain, read));
        Assert.Equal(tookEffect ? "second" : "first", read.State.Name);
        Assert.Equal(tookEffect, read.ETag != etag);
        if (tookEffect)
        {
            await Assert.ThrowsAsync<InconsistentStateException>(
                () => _fixture.GrainStorage.WriteStateAsync("state", grain, state));
        }
    }

    [Fact]
    public async Task A_state_that_a_forgetful_server_refuses_because_it_has_it_already_was_written()
    {
        var grain = GrainId.Create("sample", Guid.CreateVersion7().ToString("N"));
        await using var patient = _fixture.Build(Patient);
        var storage = patient.GetRequiredService<IGrainStorage>();
        var state = new SampleGrainState { State = new SampleState { Name = "first" } };

        // The first try takes effect and its answer is lost; to the second the server says that the key is taken.
        using (Faults.On("insert").To("Grainsstate").Once().DropAfterWrite())
        using (Faults.On("insert").To("Grainsstate").Once().DuplicateKey())
            await storage.WriteStateAsync("state", grain, state);

        state.State.Name = "second";
        await storage.WriteStateAsync("state", grain, state);
    }

    [Theory]
    [InlineData("event_pieces")]
    [InlineData("events")]
    [InlineData("snapshots")]
    public async Task Of_what_is_split_all_is_there_or_nothing(string collection)
    {
        var stream = NewStream();
        await using var splitting = _fixture.Build(options => options.BodyBytesMax = 100);
        var store = splitting.GetRequiredService<IEventStore>();
        var large = Encoding.UTF8.GetBytes($"\"{new string('x', 500)}\"");
        var batch = new EventBatch(stream, 1, 1, DateTimeOffset.UnixEpoch, large);
        var snapshot = new EventSnapshot(stream, 1, [large, large]);

        using (Faults.On("insert").To(collection).NotPrimary())
        {
            if (collection != "snapshots")
                await Assert.ThrowsAsync<EventStoreUnavailableException>(() => store.AppendAsync(batch, default));
            if (collection != "events")
            {
                await Assert.ThrowsAsync<EventStoreUnavailableException>(
                    () => store.WriteSnapshotAsync(snapshot, default));
            }
        }

        Assert.Empty(await EventuallyAsync(() => VersionsAsync(stream)));
        Assert.Null(await store.ReadSnapshotAsync(stream, 1, default));
        await store.AppendAsync(batch, default);
        await store.WriteSnapshotAsync(snapshot, default);
        Assert.Equal(large, Assert.Single(await ReadAsync(stream)).Body.ToArray());
        Assert.Equal(2, (await store.ReadSnapshotAsync(stream, 1, default))!.Parts.Count);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Only_scans_are_sent_to_secondaries_and_only_if_the_options_say_so(bool allowed, int scans)
    {
        var stream = NewStream();
        await using var services = _fixture.Build(options => options.ScansFromSecondaries = allowed);
        var store = services.GetRequiredService<IEventStore>();
        await store.AppendAsync(Batch(stream, 1, "first"), default);
        using var toSecondaries = Faults.On("find").Where(MayGoToSecondaries).DelayReply(TimeSpan.Zero);

        await foreach (var _ in store.ReadUnpublishedAsync(DateTimeOffset.MaxValue, 10, default))
        {
            // The list is a scan; the batches themselves come from the primary.
        }

        await foreach (var _ in store.ReadAsync(stream, 1, long.MaxValue, default))
        {
            // A stream never is.
        }

        Assert.Equal(scans, toSecondaries.Times);
    }

    [Fact]
    public async Task What_was_published_is_marked_after_an_outage_too()
    {
        var stream = NewStream();
        await Store.AppendAsync(Batch(stream, 1, "first"), default);
        using (var fault = Faults.On("update").To("events").NotPrimary())
        {
            await Store.MarkPublishedAsync(stream, 1, default);
            await fault.Struck.WaitAsync(TimeSpan.FromSeconds(10));
        }

        await UntilMarkedAsync(stream);
    }

    /// <summary>
    /// Two writers as the journal is one: each decides on what it knows, reloads after any failure, and looks for its
    /// operation before it sends it again.
    /// </summary>
    [Fact]
    public async Task Under_any_faults_nothing_acknowledged_is_lost_or_doubled()
    {
        const int operations = 5;
        await using var another = _fixture.Build();
        var second = another.GetRequiredService<IEventStore>();
        var fault = Gen.Select(Gen.Int[0, 7], Gen.Int[1, 3], Gen.Int[0, 2]);
        await Gen.Select(fault.Array[1, 6], Gen.Int[1, 3]).SampleAsync(
            async (schedule, eventsMax) =>
            {
                var stream = NewStream();
                using var ended = new CancellationTokenSource();
                var faults = StrikeAsync(schedule, ended.Token);
                var acknowledged = await Task.WhenAll(
                    new JournalLikeWriter(Store, stream, "a", eventsMax).WriteAsync(operations),
                    new JournalLikeWriter(second, stream, "b", eventsMax).WriteAsync(operations));
                await ended.CancelAsync();
                await faults;
                Faults.Clear();
                AssertWhole(
                    await EventuallyAsync(() => ReadAsync(stream)), [.. acknowledged.SelectMany(ids => ids)]);
            },
            iter: 5,
            threads: 1);
    }

    private static void AssertWhole(List<EventBatch> batches, List<string> acknowledged)
    {
        var next = 1L;
        foreach (var batch in batches)
        {
            Assert.Equal(next, batch.FirstVersion);
            next = batch.LastVersion + 1;
        }

        Assert.Equal(
            acknowledged.Order(StringComparer.Ordinal), batches.Select(OperationOf).Order(StringComparer.Ordinal));
    }

    private async Task StrikeAsync((int Kind, int Times, int Pause)[] schedule, CancellationToken ended)
    {
        foreach (var (kind, times, pause) in schedule)
        {
            var on = (kind == 7 ? Faults.On("find") : Faults.On("insert")).To("events").Times(times);
            using var fault = kind switch
            {
                0 or 7 => on.DropBeforeWrite(),
                1 => on.DropAfterWrite(),
                2 => on.NotPrimary(),
                3 => on.WriteConcernTimeout(),
                4 => on.WriteConcernShutdown(),
                5 => on.HoldReply(),
                _ => on.DelayReply(OperationTimeout * pause),
            };
            try
            {
                await fault.Struck.WaitAsync(ended);
                await Task.Delay(TimeSpan.FromMilliseconds(20 * pause), ended);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static void Patient(MongoDbOptions options) =>
        options.OperationTimeout = options.ServerSelectionTimeout = TimeSpan.FromSeconds(15);

    private static bool MayGoToSecondaries(BsonDocument command) =>
        command.TryGetValue("$readPreference", out var preference) && preference["mode"] == "secondaryPreferred";

    private static bool IsLinearizable(BsonDocument command) =>
        command.TryGetValue("readConcern", out var concern) && concern["level"] == "linearizable";

    private Fault Begin(string kind, string command, string collection, int times)
    {
        var on = Faults.On(command).To(collection).Times(times);
        return kind switch
        {
            nameof(FaultBuilder.DropBeforeWrite) => on.DropBeforeWrite(),
            nameof(FaultBuilder.DropAfterWrite) => on.DropAfterWrite(),
            nameof(FaultBuilder.NotPrimary) => on.NotPrimary(),
            nameof(FaultBuilder.WriteConcernTimeout) => on.WriteConcernTimeout(),
            nameof(FaultBuilder.WriteConcernShutdown) => on.WriteConcernShutdown(),
            nameof(FaultBuilder.HoldReply) => on.HoldReply(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such fault."),
        };
    }

    private async Task UntilMarkedAsync(string stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (await EventuallyAsync(() => IsUnpublishedAsync(stream)))
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private async Task<bool> IsUnpublishedAsync(string stream)
    {
        await foreach (var batch in Store.ReadUnpublishedAsync(DateTimeOffset.MaxValue, 1_000, default))
        {
            if (batch.Stream == stream)
                return true;
        }

        return false;
    }

    private static string NewStream() => $"test/{Guid.CreateVersion7():N}";

    private static EventBatch Batch(string stream, long version, string operation, int events = 1) => new(
        stream, version, events, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes($$"""{"op":"{{operation}}"}"""));

    private static string OperationOf(EventBatch batch)
    {
        using var body = JsonDocument.Parse(batch.Body);
        return body.RootElement.GetProperty("op").GetString()!;
    }

    private async Task<List<long>> VersionsAsync(string stream) =>
        [.. (await ReadAsync(stream)).Select(batch => batch.FirstVersion)];

    private async Task<List<EventBatch>> ReadAsync(string stream)
    {
        var batches = new List<EventBatch>();
        await foreach (var batch in Store.ReadAsync(stream, 1, long.MaxValue, default))
            batches.Add(batch);
        return batches;
    }

    private static async Task EventuallyAsync(Func<Task> action) => await EventuallyAsync(async () =>
    {
        await action();
        return true;
    });

    /// <summary>The driver needs a moment to find the primary again.</summary>
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> action)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await action();
            }
            catch (Exception failure) when (failure is EventStoreUnavailableException or IndiiException
                && since.Elapsed < TimeSpan.FromSeconds(15))
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Waits for a store until it answers, and sends an operation again only if it is not there.</summary>
    private sealed class JournalLikeWriter(IEventStore store, string stream, string name, int eventsMax)
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private long _version;

        public async Task<List<string>> WriteAsync(int operations)
        {
            var acknowledged = new List<string>();
            for (var number = 0; number < operations; number++)
            {
                var operation = $"{name}{number}";
                await WriteAsync(operation, number % eventsMax + 1);
                acknowledged.Add(operation);
            }

            return acknowledged;
        }

        private async Task WriteAsync(string operation, int events)
        {
            while (!_known.Contains(operation))
            {
                try
                {
                    await store.AppendAsync(Batch(stream, _version + 1, operation, events), default);
                    _version += events;
                    _known.Add(operation);
                }
                catch (Exception failure)
                    when (failure is EventStoreConflictException or EventStoreUnavailableException)
                {
                    await ReloadAsync();
                }
            }
        }

        private async Task ReloadAsync() => await EventuallyAsync(async () =>
        {
            await foreach (var batch in store.ReadAsync(stream, _version + 1, long.MaxValue, default))
            {
                _known.Add(OperationOf(batch));
                _version = batch.LastVersion;
            }
        });
    }
}
