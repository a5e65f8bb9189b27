using System.Text.Json;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Which silos there are. A row changes together with the table's version in one compare-and-set transaction, so that
/// of all silos that decide on the same view one succeeds; see docs/adr/0009.
/// </summary>
internal sealed class ConsulMembershipTable(
    ConsulClient consul,
    ConsulPatience patience,
    IOptions<ConsulClusteringOptions> options,
    IOptions<ClusterOptions> cluster,
    TimeProvider time) : IMembershipTable
{
    // Orleans asks again a fifth of a second after a sign of life failed, and logs each failure as an error.
    private static readonly TimeSpan AlivePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AliveFirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AliveDelayMax = TimeSpan.FromSeconds(3);

    private readonly ConsulMembershipRows _rows = new(options.Value.Root, cluster.Value.ClusterId);

    /// <summary>Waits until Consul answers: a silo may start before it does.</summary>
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        patience.UntilItAnswersAsync(
            "join the cluster's membership",
            stop => consul.WatchAsync(_rows.VersionKey, index: 0, stop),
            cancellationToken);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken)
    {
        var table = await ReadAsync(cancellationToken);
        return new MembershipTableData([.. table.Silos.Select(Row)], table.Version);
    }

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken)
    {
        // All of it is read, because the row and the version must be of one moment.
        var table = await ReadAsync(cancellationToken);
        return new MembershipTableData(
            [.. table.Silos.Where(silo => silo.Entry.SiloAddress.Equals(key)).Select(Row)], table.Version);
    }

    public Task<bool> InsertRowAsync(
        MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        consul.TransactAsync(
            [
                ConsulStep.SetIfUnchanged(_rows.RowKey(entry.SiloAddress), ConsulMembershipRows.RowBytes(entry), 0),
                VersionStep(tableVersion),
                // A silo that waited long before it joined must not look as if it had been silent all the time.
                ConsulStep.Set(
                    _rows.AliveKey(entry.SiloAddress), ConsulMembershipRows.AliveBytes(entry.IAmAliveTime)),
            ],
            cancellationToken);

    public async Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken)
    {
        // To Consul an index of 0 means that there must be no such key.
        var index = ConsulMembershipRows.Index(etag);
        return index != 0 && await consul.TransactAsync(
            [
                ConsulStep.SetIfUnchanged(
                    _rows.RowKey(entry.SiloAddress), ConsulMembershipRows.RowBytes(entry), index),
                VersionStep(tableVersion),
            ],
            cancellationToken);
    }

    public async Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            try
            {
                await consul.WriteAsync(
                    _rows.AliveKey(entry.SiloAddress),
                    ConsulMembershipRows.AliveBytes(entry.IAmAliveTime),
                    cancellationToken);
                return;
            }
            catch (ConsulException) when (time.GetElapsedTime(since) < AlivePatience)
            {
                // Writing it twice does no harm.
                await Task.Delay(
                    ConsulBackoff.Delay(failures, AliveFirstDelay, AliveDelayMax), time, cancellationToken);
            }
        }
    }

    /// <summary>Deletes rows of dead silos that nothing was heard of since, and signs of life without a row.</summary>
    public async Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        const int StepsPerSilo = 2;
        var table = await ReadAsync(cancellationToken);
        var before = beforeDate.UtcDateTime;
        var silos = table.Silos
            .Where(silo => silo.Entry.Status == SiloStatus.Dead && silo.LastUpdate < before)
            .Select(silo => new[] { silo.Row, silo.Alive }.OfType<ConsulKeyValue>());
        var strays = table.Strays.Where(stray => IsBefore(stray, before)).Select(stray => new[] { stray });
        foreach (var chunk in silos.Concat(strays).Chunk(ConsulLimits.StepsMax / StepsPerSilo))
        {
            // What changed since it was read is left for the next time, together with what shares its transaction.
            var steps = chunk.SelectMany(keys => keys.Select(
                key => ConsulStep.DeleteIfUnchanged(key.Key, key.ModifyIndex)));
            await consul.TransactAsync([.. steps], cancellationToken);
        }
    }

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        consul.DeleteTreeAsync(new ConsulMembershipRows(options.Value.Root, clusterId).Prefix, cancellationToken);

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) =>
        InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(CancellationToken.None);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, CancellationToken.None);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        InsertRowAsync(entry, tableVersion, CancellationToken.None);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, CancellationToken.None);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) =>
        DeleteMembershipTableEntriesAsync(clusterId, CancellationToken.None);

    private static Tuple<MembershipEntry, string> Row(ConsulSilo silo) =>
        Tuple.Create(silo.Entry, ConsulMembershipRows.ETag(silo.Row));

    private static bool IsBefore(ConsulKeyValue alive, DateTime before)
    {
        try
        {
            return JsonSerializer.Deserialize<DateTime>(alive.Value).ToUniversalTime() < before;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private ConsulStep VersionStep(TableVersion version) => ConsulStep.SetIfUnchanged(
        _rows.VersionKey,
        ConsulMembershipRows.VersionBytes(version),
        ConsulMembershipRows.Index(version.VersionEtag));

    private async Task<ConsulMembership> ReadAsync(CancellationToken cancellationToken) =>
        _rows.Read(await consul.ReadTreeAsync(_rows.Prefix, cancellationToken));
}
