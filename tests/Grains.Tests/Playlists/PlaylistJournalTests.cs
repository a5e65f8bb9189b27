using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;
using Microsoft.Extensions.Logging.Abstractions;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>The log of a playlist on a store that fails before, after and between writes.</summary>
public sealed class PlaylistJournalTests
{
    private const string Stream = "playlist/x";
    private static readonly Actor Owner = Actor.User(PlaylistHarness.Owner);
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly InMemoryEventStore _store = new();

    [Fact]
    public Task Commands_that_arrive_during_a_write_go_out_together() => OnOneThread(async () =>
    {
        var journal = await CreatedAsync();
        _store.Gate = new TaskCompletionSource();
        var first = Append(journal, "first");
        await Task.Delay(20);
        var rest = Enumerable.Range(0, 100).Select(i => Append(journal, $"rest-{i}")).ToList();
        Assert.Equal(102, journal.Tip.Version);
        Assert.Equal(1, journal.Durable.Version);
        _store.Gate.SetResult();
        await Task.WhenAll([first, .. rest]);
        Assert.Equal(102, journal.Durable.Version);
        Assert.Equal(3, _store.Appends);
    });

    [Fact]
    public Task Nothing_that_was_decided_on_a_failed_write_is_ever_appended() => OnOneThread(async () =>
    {
        await CreatedAsync();
        var journal = await LoadedAsync();
        _store.Gate = new TaskCompletionSource();
        _store.Fate = _ => AppendFate.FailsBefore;
        var tasks = Enumerable.Range(0, 10).Select(i => Append(journal, $"lost-{i}")).ToList();
        _store.Gate.SetResult();
        foreach (var task in tasks)
        {
            Assert.Equal(ErrorCode.StorageUnavailable, (await Assert.ThrowsAsync<IndiiException>(() => task)).Code);
        }

        Assert.Equal(1, journal.Tip.Version);

        // Known by nobody, at once: a repetition that had to look it up could meet another one meanwhile, and both be done.
        var lost = journal.FindOperationAsync(PlaylistHarness.Owner, "lost-0");
        Assert.True(lost.IsCompletedSuccessfully);
        Assert.Null(await lost);
        Assert.Throws<IndiiException>(() => { _ = Append(journal, "too early"); });
        _store.Fate = _ => AppendFate.Succeeds;
        await journal.ReadyToWriteAsync();
        await Append(journal, "after");
        Assert.Equal(1, (await ReloadedAsync()).Entries.Count);
    });

    [Fact]
    public Task A_write_that_took_effect_though_it_failed_answers_its_repetition() => OnOneThread(async () =>
    {
        var journal = await CreatedAsync();
        _store.Fate = _ => AppendFate.FailsAfter;
        await Assert.ThrowsAsync<IndiiException>(() => Append(journal, "unknown"));
        _store.Fate = _ => AppendFate.Succeeds;
        await journal.ReadyToWriteAsync();
        var command = await journal.FindOperationAsync(PlaylistHarness.Owner, "unknown");
        Assert.NotNull(command);
        Assert.Equal(2, command.FirstVersion);
        Assert.Equal(1, Assert.Single(command.Answer.Results[0].EntryIds));
        Assert.Equal(1, journal.Tip.Entries.Count);
    });

    [Fact]
    public Task A_second_writer_is_refused_and_takes_over_what_the_first_wrote() => OnOneThread(async () =>
    {
        var first = await CreatedAsync();
        var second = Journal();
        await second.ReadyToWriteAsync();
        await Append(first, "of the first");
        var failure = await Assert.ThrowsAsync<IndiiException>(() => Append(second, "of the second"));
        Assert.Equal(ErrorCode.WriteConflict, failure.Code);
        await second.ReadyToWriteAsync();
        Assert.NotNull(await second.FindOperationAsync(PlaylistHarness.Owner, "of the first"));
        Assert.Null(await second.FindOperationAsync(PlaylistHarness.Owner, "of the second"));
        await Append(second, "of the second");
        Assert.Equal(2, (await ReloadedAsync()).Entries.Count);
    });

    [Fact]
    public Task Readers_go_on_with_what_is_durable_while_the_store_is_gone() => OnOneThread(async () =>
    {
        var journal = await CreatedAsync();
        await Append(journal, "there");
        _store.Fate = _ => AppendFate.FailsBefore;
        _store.IsReadable = false;
        await Assert.ThrowsAsync<IndiiException>(() => Append(journal, "lost"));
        await journal.ReadyToReadAsync();
        Assert.Equal(1, journal.Durable.Entries.Count);
        var failure = await Assert.ThrowsAsync<IndiiException>(journal.ReadyToWriteAsync);
        Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
        (_store.Fate, _store.IsReadable) = (_ => AppendFate.Succeeds, true);
        await journal.ReadyToWriteAsync();
        await Append(journal, "again");
        Assert.Equal(2, journal.Durable.Entries.Count);
    });

    [Fact]
    public Task Random_faults_lose_and_double_nothing_that_was_acknowledged() => OnOneThread(async () =>
    {
        var random = new Random(11);
        var journals = new[] { await CreatedAsync(), Journal() };
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        var sent = 0;
        _store.Fate = _ => random.Next(6) switch
        {
            0 => AppendFate.FailsBefore,
            1 => AppendFate.FailsAfter,
            _ => AppendFate.Succeeds,
        };
        for (var round = 0; round < 300; round++)
        {
            var journal = journals[random.Next(2)];
            var names = Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"op-{random.Next(sent += 2)}").Distinct();
            await Task.WhenAll(names.Select(name => SendAsync(journal, name, acknowledged)));
        }

        _store.Fate = _ => AppendFate.Succeeds;
        var operations = new List<string>();
        await foreach (var command in (await LoadedAsync()).ReadAsync(2, long.MaxValue))
        {
            operations.Add(command.Record.Operation!);
        }

        Assert.Equal(operations.Distinct(StringComparer.Ordinal).Count(), operations.Count);
        Assert.Subset(operations.ToHashSet(StringComparer.Ordinal), acknowledged);
        Assert.True(acknowledged.Count > 100);
    });

    [Fact]
    public Task Replay_from_snapshots_gives_the_same_state_and_is_bounded() => OnOneThread(async () =>
    {
        var journal = await CreatedAsync();
        for (var i = 0; i < 5_000; i += 10)
        {
            await Task.WhenAll(Enumerable.Range(i, 10).Select(n => Append(journal, $"op-{n}")));
        }

        await journal.SettleAsync();
        Assert.InRange(_store.SnapshotsWritten, 2, 6);
        PlaylistHarness.AssertSame(journal.Durable, await ReloadedAsync());
        var early = await (await LoadedAsync()).StateAtAsync(1_234);
        Assert.Equal(1_233, early.Entries.Count);
        Assert.NotNull(await (await LoadedAsync()).FindOperationAsync(PlaylistHarness.Owner, "op-3"));
    });

    [Fact]
    public void At_least_the_last_ten_thousand_operations_are_remembered_and_no_more_than_twice_that()
    {
        var operations = new RecentOperations();
        for (var i = 1; i <= 50_000; i++)
        {
            operations.Add(new OperationStamp((ulong)i, i));
            Assert.NotNull(operations.Find((ulong)Math.Max(1, i - PlaylistLimits.RememberedOperationsMin + 1)));
        }

        Assert.Null(operations.Find(50_000 - (2 * PlaylistLimits.RememberedOperationsMin)));
        Assert.Equal(PlaylistLimits.RememberedOperationsMin, operations.UpTo(50_000).Length);
        operations.ForgetAfter(49_000);
        Assert.Null(operations.Find(49_001));
        Assert.NotNull(operations.Find(49_000));
    }

    private static async Task SendAsync(PlaylistJournal journal, string name, HashSet<string> acknowledged)
    {
        try
        {
            await journal.ReadyToWriteAsync();
            if (await journal.FindOperationAsync(PlaylistHarness.Owner, name) is null)
            {
                await Append(journal, name);
            }

            acknowledged.Add(name);
        }
        catch (IndiiException e) when (e.Code is ErrorCode.WriteConflict or ErrorCode.StorageUnavailable)
        {
        }
    }

    private static Task Append(PlaylistJournal journal, string operation) => Commit(
        journal,
        operation,
        PlaylistDecisions.Execute(
            journal.Tip, Owner, new PlaylistCommand(operation, [new AppendTracks([Guid.Empty])]), At));

    private static Task Commit(PlaylistJournal journal, string? operation, Decision decision) => journal.AppendAsync(
        new PlaylistCommandRecord(
            operation, PlaylistHarness.Owner, null, At, decision.Events, decision.After.ContentVersion,
            decision.After.DetailsVersion, [.. decision.Results.Select(OperationResultDocument.From)]),
        decision.After);

    // A grain's scheduler runs one turn at a time; so does this.
    private static Task OnOneThread(Func<Task> test) => Task.Factory.StartNew(
        test, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private PlaylistJournal Journal() => new(Stream, _store, NullLogger.Instance);

    private async Task<PlaylistJournal> LoadedAsync()
    {
        var journal = Journal();
        await journal.ReadyToWriteAsync();
        return journal;
    }

    private async Task<PlaylistState> ReloadedAsync() => (await LoadedAsync()).Durable;

    private async Task<PlaylistJournal> CreatedAsync()
    {
        var journal = await LoadedAsync();
        var create = new CreatePlaylist("Test", null, default, default, ImmutableArray<Guid>.Empty);
        await Commit(journal, null, PlaylistDecisions.Create(PlaylistState.None, Owner, create, null, At));
        return journal;
    }
}
