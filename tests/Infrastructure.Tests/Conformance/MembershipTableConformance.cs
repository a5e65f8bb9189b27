using System.Net;
using Orleans.Messaging;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>Makes what the suite tries, over one server.</summary>
public interface IMembershipFixture
{
    /// <summary>The table of a cluster, ready for use.</summary>
    Task<IMembershipTable> TableAsync(string clusterId);

    /// <summary>The gateways of a cluster, as its clients see them, ready for use.</summary>
    Task<IGatewayListProvider> GatewaysAsync(string clusterId);
}

/// <summary>
/// What every membership table does, whichever server is behind it. Each test makes its own cluster.
/// </summary>
public abstract class MembershipTableConformance(IMembershipFixture fixture) : IAsyncLifetime
{
    private static CancellationToken None => CancellationToken.None;
    private static readonly DateTime Now = new(2026, 5, 6, 7, 8, 9, DateTimeKind.Utc);

    private readonly string _clusterId = $"cluster-{Guid.CreateVersion7():N}";
    private int _silos;
    private IMembershipTable _table = null!;

    public async Task InitializeAsync() => _table = await fixture.TableAsync(_clusterId);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_table_nobody_wrote_is_empty_and_has_a_version()
    {
        var table = await _table.ReadAllAsync(None);

        Assert.Empty(table.Members);
        Assert.Equal(0, table.Version.Version);
        Assert.NotNull(table.Version.VersionEtag);
    }

    [Fact]
    public async Task Initializing_again_changes_nothing()
    {
        await InsertAsync(Silo());
        var before = await _table.ReadAllAsync(None);

        await _table.InitializeMembershipTableAsync(true, None);

        Assert.Equal(before.Version, (await _table.ReadAllAsync(None)).Version);
    }

    [Fact]
    public async Task A_row_nobody_wrote_is_none_but_the_version_is_there()
    {
        await InsertAsync(Silo());

        var read = await _table.ReadRowAsync(Silo().SiloAddress, None);

        Assert.Empty(read.Members);
        Assert.Equal(1, read.Version.Version);
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        var entry = Silo(SiloStatus.Active);
        entry.SuspectTimes =
        [
            Tuple.Create(Silo().SiloAddress, Now.AddTicks(1_234_567)),
            Tuple.Create(Silo().SiloAddress, Now.AddSeconds(2)),
        ];
        var before = await _table.ReadAllAsync(None);
        Assert.True(await _table.InsertRowAsync(entry, before.Version.Next(), None));

        var one = await _table.ReadRowAsync(entry.SiloAddress, None);
        var all = await _table.ReadAllAsync(None);

        Assert.Equal(1, all.Version.Version);
        Assert.NotEqual(before.Version.VersionEtag, all.Version.VersionEtag);
        Assert.Equal(all.Version, one.Version);
        var (read, etag) = Assert.Single(all.Members);
        Assert.Equal(Assert.Single(one.Members).Item2, etag);
        Assert.NotNull(etag);
        AssertSame(entry, read);
        Assert.Equal(entry.IAmAliveTime, read.IAmAliveTime);
        Assert.Equal(DateTimeKind.Utc, read.StartTime.Kind);
    }

    [Fact]
    public async Task A_silo_of_the_next_version_of_the_internet_is_read_as_it_was_written()
    {
        var entry = Silo(SiloStatus.Active);
        entry.SiloAddress = SiloAddress.New(IPAddress.Parse("2001:db8::5"), 11_111, 7);

        await InsertAsync(entry);

        AssertSame(entry, Assert.Single((await _table.ReadAllAsync(None)).Members).Item1);
    }

    [Fact]
    public async Task Inserting_what_is_there_changes_nothing()
    {
        var entry = Silo();
        await InsertAsync(entry);
        var before = await _table.ReadAllAsync(None);
        var again = Silo(SiloStatus.Dead);
        again.SiloAddress = entry.SiloAddress;

        Assert.False(await _table.InsertRowAsync(again, before.Version.Next(), None));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Inserting_on_an_old_version_changes_nothing()
    {
        var old = (await _table.ReadAllAsync(None)).Version.Next();
        await InsertAsync(Silo());
        var before = await _table.ReadAllAsync(None);

        Assert.False(await _table.InsertRowAsync(Silo(), old, None));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task An_update_replaces_the_row_and_moves_the_version()
    {
        var entry = Silo(SiloStatus.Joining);
        await InsertAsync(entry);
        var before = await _table.ReadAllAsync(None);
        entry.Status = SiloStatus.Active;
        entry.AddSuspector(Silo().SiloAddress, Now);

        var old = Assert.Single(before.Members).Item2;
        Assert.True(await _table.UpdateRowAsync(entry, old, before.Version.Next(), None));

        var after = await _table.ReadAllAsync(None);
        Assert.Equal(2, after.Version.Version);
        Assert.NotEqual(before.Version.VersionEtag, after.Version.VersionEtag);
        var (read, etag) = Assert.Single(after.Members);
        AssertSame(entry, read);
        Assert.NotEqual(old, etag);
    }

    [Fact]
    public async Task An_update_on_an_old_etag_changes_nothing()
    {
        var entry = Silo();
        await InsertAsync(entry);
        var old = Assert.Single((await _table.ReadAllAsync(None)).Members).Item2;
        entry.Status = SiloStatus.Active;
        await UpdateAsync(entry);
        var before = await _table.ReadAllAsync(None);
        entry.Status = SiloStatus.Dead;

        Assert.False(await _table.UpdateRowAsync(entry, old, before.Version.Next(), None));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task An_update_on_an_old_version_changes_nothing()
    {
        var entry = Silo();
        await InsertAsync(entry);
        var old = (await _table.ReadAllAsync(None)).Version.Next();
        await InsertAsync(Silo());
        var before = await _table.ReadAllAsync(None);
        entry.Status = SiloStatus.Dead;

        Assert.False(await _table.UpdateRowAsync(entry, before.TryGet(entry.SiloAddress)!.Item2, old, None));

        await AssertUnchangedAsync(before);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    public async Task An_update_without_a_row_changes_nothing(string? etag)
    {
        await InsertAsync(Silo());
        var before = await _table.ReadAllAsync(None);

        Assert.False(await _table.UpdateRowAsync(
            Silo(), etag ?? before.Members[0].Item2, before.Version.Next(), None));

        await AssertUnchangedAsync(before);
    }

    [Fact]
    public async Task Of_silos_that_insert_themselves_at_once_each_round_has_one_winner()
    {
        const int Silos = 12;
        var won = await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => Task.Run(async () =>
        {
            var mine = Silo();
            var attempts = 0;
            do
            {
                attempts++;
            }
            while (!await _table.InsertRowAsync(mine, (await _table.ReadAllAsync(None)).Version.Next(), None));

            return attempts;
        })));

        Assert.Equal(Silos, won.Length);
        var table = await _table.ReadAllAsync(None);
        Assert.Equal(Silos, table.Version.Version);
        Assert.Equal(Silos, table.Members.Count);
    }

    [Fact]
    public async Task Of_parallel_updates_on_one_view_exactly_one_wins_each_round()
    {
        const int Rounds = 10;
        const int Rivals = 8;
        var entry = Silo();
        await InsertAsync(entry);
        for (var round = 1; round <= Rounds; round++)
        {
            var view = await _table.ReadAllAsync(None);
            var (row, etag) = Assert.Single(view.Members);

            var won = await Task.WhenAll(Enumerable.Range(0, Rivals).Select(rival => Task.Run(() =>
            {
                var mine = Copy(row);
                mine.SuspectTimes = [Tuple.Create(entry.SiloAddress, Now.AddSeconds((100 * round) + rival))];
                return _table.UpdateRowAsync(mine, etag, view.Version.Next(), None);
            })));

            var winner = Array.IndexOf(won, true);
            Assert.Single(won, isWon => isWon);
            var after = await _table.ReadAllAsync(None);
            Assert.Equal(round + 1, after.Version.Version);
            Assert.Equal(
                Now.AddSeconds((100 * round) + winner),
                Assert.Single(Assert.Single(after.Members).Item1.SuspectTimes!).Item2);
        }
    }

    [Fact]
    public async Task Of_parallel_updates_of_different_rows_on_one_view_exactly_one_wins()
    {
        var silos = Enumerable.Range(0, 6).Select(_ => Silo()).ToList();
        foreach (var silo in silos)
            await InsertAsync(silo);
        var view = await _table.ReadAllAsync(None);

        var won = await Task.WhenAll(view.Members.Select(member => Task.Run(() =>
        {
            var mine = Copy(member.Item1);
            mine.Status = SiloStatus.Dead;
            return _table.UpdateRowAsync(mine, member.Item2, view.Version.Next(), None);
        })));

        Assert.Single(won, isWon => isWon);
        var after = await _table.ReadAllAsync(None);
        Assert.Equal(view.Version.Version + 1, after.Version.Version);
        Assert.Single(after.Members, member => member.Item1.Status == SiloStatus.Dead);
    }

    [Fact]
    public async Task A_sign_of_life_is_read_and_leaves_version_and_etag()
    {
        var entry = Silo(SiloStatus.Active);
        await InsertAsync(entry);
        var before = await _table.ReadAllAsync(None);
        var alive = Now.AddTicks(98_765_432_101);

        await _table.UpdateIAmAliveAsync(
            new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = alive }, None);

        var after = await _table.ReadAllAsync(None);
        Assert.Equal(before.Version, after.Version);
        var (read, etag) = Assert.Single(after.Members);
        Assert.Equal(alive, read.IAmAliveTime);
        AssertSame(entry, read);
        entry.Status = SiloStatus.Dead;
        Assert.Equal(Assert.Single(before.Members).Item2, etag);
        Assert.True(await _table.UpdateRowAsync(entry, etag, before.Version.Next(), None));
        Assert.Equal(alive, Assert.Single((await _table.ReadAllAsync(None)).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Clean_up_deletes_old_rows_of_the_dead_alone()
    {
        var kept = new List<MembershipEntry>();
        foreach (var status in Enum.GetValues<SiloStatus>().Where(status => status != SiloStatus.None))
        {
            var old = Old(status);
            await InsertAsync(old);
            if (status != SiloStatus.Dead)
                kept.Add(old);
            var fresh = Silo(status);
            await InsertAsync(fresh);
            kept.Add(fresh);
        }

        // One that was silent for long, and declared dead just now, is still to be seen.
        var declared = Old(SiloStatus.Dead);
        declared.AddSuspector(kept[0].SiloAddress, Now);
        await InsertAsync(declared);
        kept.Add(declared);

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddDays(-3)), None);

        await AssertKeptAsync(kept);
        var version = (await _table.ReadAllAsync(None)).Version;
        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddDays(-3)), None);
        await AssertKeptAsync(kept);
        Assert.Equal(version, (await _table.ReadAllAsync(None)).Version);
        Assert.True(await _table.InsertRowAsync(Silo(), version.Next(), None));
    }

    [Fact]
    public async Task Clean_up_deletes_a_hundred_rows()
    {
        for (var i = 0; i < 100; i++)
            await InsertAsync(Old(SiloStatus.Dead));
        var alive = Silo(SiloStatus.Active);
        await InsertAsync(alive);

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now), None);

        await AssertKeptAsync([alive]);
    }

    [Fact]
    public async Task Deleting_a_table_leaves_the_tables_of_other_clusters()
    {
        var neighbour = await fixture.TableAsync(_clusterId + "0");
        await InsertAsync(Silo());
        Assert.True(await neighbour.InsertRowAsync(Silo(), (await neighbour.ReadAllAsync(None)).Version.Next(), None));

        Assert.Single((await _table.ReadAllAsync(None)).Members);
        await _table.DeleteMembershipTableEntriesAsync(_clusterId, None);

        var deleted = await _table.ReadAllAsync(None);
        Assert.Empty(deleted.Members);
        Assert.Equal(0, deleted.Version.Version);
        Assert.Single((await neighbour.ReadAllAsync(None)).Members);
        await InsertAsync(Silo());
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_that_take_calls()
    {
        var gateway = Silo(SiloStatus.Active);
        foreach (var status in Enum.GetValues<SiloStatus>().Where(status => status is not SiloStatus.None))
            await InsertAsync(status == SiloStatus.Active ? gateway : Silo(status));
        var closed = Silo(SiloStatus.Active);
        closed.ProxyPort = 0;
        await InsertAsync(closed);

        var gateways = await (await fixture.GatewaysAsync(_clusterId)).GetGatewaysAsync(None);

        Assert.Equal(GatewayUri(gateway), Assert.Single(gateways));
    }

    [Fact]
    public async Task Gateways_that_come_and_go_are_heard_of_at_once()
    {
        var list = await fixture.GatewaysAsync(_clusterId);
        Assert.Empty(await list.GetGatewaysAsync(None));
        var first = Silo(SiloStatus.Active);
        var second = Silo(SiloStatus.Active);

        await InsertAsync(first);
        await UntilAsync(list, GatewayUri(first));
        await InsertAsync(second);
        await UntilAsync(list, GatewayUri(first), GatewayUri(second));
        first.Status = SiloStatus.ShuttingDown;
        await UpdateAsync(first);
        await UntilAsync(list, GatewayUri(second));
    }

    private static Uri GatewayUri(MembershipEntry silo) => SiloAddress.New(
        silo.SiloAddress.Endpoint.Address, silo.ProxyPort, silo.SiloAddress.Generation).ToGatewayUri();

    private static async Task UntilAsync(IGatewayListProvider list, params Uri[] gateways)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!(await list.GetGatewaysAsync(None)).ToHashSet().SetEquals(gateways))
            await Task.Delay(10, patience.Token);
    }

    private static MembershipEntry Copy(MembershipEntry entry) => new()
    {
        SiloAddress = entry.SiloAddress,
        HostName = entry.HostName,
        SiloName = entry.SiloName,
        Status = entry.Status,
        ProxyPort = entry.ProxyPort,
        StartTime = entry.StartTime,
        IAmAliveTime = entry.IAmAliveTime,
        SuspectTimes = entry.SuspectTimes,
    };

    private static void AssertSame(MembershipEntry expected, MembershipEntry read)
    {
        Assert.Equal(
            (expected.SiloAddress, expected.HostName, expected.SiloName, expected.Status, expected.ProxyPort),
            (read.SiloAddress, read.HostName, read.SiloName, read.Status, read.ProxyPort));
        Assert.Equal(expected.StartTime, read.StartTime);
        Assert.Equal(expected.SuspectTimes ?? [], read.SuspectTimes ?? []);
    }

    private MembershipEntry Silo(SiloStatus status = SiloStatus.Joining)
    {
        // No two tests share a row, and silos of one machine differ in their generation.
        var generation = Interlocked.Increment(ref _silos);
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_111, generation),
            HostName = "höst.example",
            SiloName = $"silo-{generation}",
            Status = status,
            ProxyPort = 30_000 + generation,
            StartTime = Now,
            IAmAliveTime = Now.AddMilliseconds(1),
        };
    }

    private MembershipEntry Old(SiloStatus status)
    {
        var entry = Silo(status);
        entry.StartTime = Now.AddDays(-10);
        entry.IAmAliveTime = Now.AddDays(-10);
        return entry;
    }

    private async Task InsertAsync(MembershipEntry entry) =>
        Assert.True(await _table.InsertRowAsync(entry, (await _table.ReadAllAsync(None)).Version.Next(), None));

    private async Task UpdateAsync(MembershipEntry entry)
    {
        var table = await _table.ReadAllAsync(None);
        var etag = table.TryGet(entry.SiloAddress)!.Item2;
        Assert.True(await _table.UpdateRowAsync(entry, etag, table.Version.Next(), None));
    }

    private async Task AssertUnchangedAsync(MembershipTableData before)
    {
        var after = await _table.ReadAllAsync(None);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(
            before.Members.Select(member => (member.Item1.SiloAddress, member.Item1.Status, member.Item2)).Order(),
            after.Members.Select(member => (member.Item1.SiloAddress, member.Item1.Status, member.Item2)).Order());
    }

    private async Task AssertKeptAsync(IEnumerable<MembershipEntry> kept)
    {
        var table = await _table.ReadAllAsync(None);
        Assert.Equal(
            kept.Select(entry => entry.SiloAddress).Order(),
            table.Members.Select(member => member.Item1.SiloAddress).Order());
    }
}
