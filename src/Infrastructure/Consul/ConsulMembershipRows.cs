using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// How membership stands in Consul: keys and JSON as Microsoft.Orleans.Clustering.Consul has them, so that either reads
/// what the other wrote. Below <c>&lt;root&gt;/orleans/&lt;cluster id&gt;/</c> there is <c>version</c>, a number in
/// digits; a row under each silo's address; and <c>&lt;silo&gt;/iamalive</c>, apart so that writing it leaves the row's
/// ETag.
/// </summary>
internal sealed class ConsulMembershipRows(string root, string clusterId)
{
    private const string AliveSuffix = "/iamalive";
    private const string VersionName = "version";

    /// <summary>What all keys of the cluster begin with.</summary>
    public string Prefix { get; } = root.Length > 0 ? $"{root}/orleans/{clusterId}/" : $"orleans/{clusterId}/";

    /// <summary>The key that each change of a row changes as well.</summary>
    public string VersionKey => Prefix + VersionName;

    public string RowKey(SiloAddress silo) => Prefix + silo.ToParsableString();

    public string AliveKey(SiloAddress silo) => RowKey(silo) + AliveSuffix;

    /// <summary>An ETag is the key's ModifyIndex; that of a key which is not there is 0.</summary>
    public static ulong Index(string? etag) =>
        ulong.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0;

    public static byte[] VersionBytes(TableVersion version) =>
        Encoding.UTF8.GetBytes(version.Version.ToString(CultureInfo.InvariantCulture));

    public static byte[] AliveBytes(DateTime time) => JsonSerializer.SerializeToUtf8Bytes(Utc(time));

    public static byte[] RowBytes(MembershipEntry entry) => JsonSerializer.SerializeToUtf8Bytes(new Row(
        entry.HostName,
        entry.ProxyPort,
        Utc(entry.StartTime),
        (int)entry.Status,
        entry.SiloName,
        entry.SuspectTimes?.Select(vote => new Suspicion(vote.Item1.ToParsableString(), Utc(vote.Item2))).ToList()));

    /// <summary>The table that these keys make up.</summary>
    /// <exception cref="ConsulException">A row or the version is damaged.</exception>
    public ConsulMembership Read(IReadOnlyList<ConsulKeyValue> keys)
    {
        var version = new TableVersion(0, "0");
        var alive = new Dictionary<string, ConsulKeyValue>(StringComparer.Ordinal);
        var rows = new List<(SiloAddress Silo, ConsulKeyValue Key)>();
        foreach (var key in keys)
        {
            var name = key.Key[Prefix.Length..];
            if (name == VersionName)
                version = ReadVersion(key);
            else if (name.EndsWith(AliveSuffix, StringComparison.Ordinal))
                alive[key.Key[..^AliveSuffix.Length]] = key;
            else if (TryParse(name, out var silo))
                rows.Add((silo, key));
        }

        var silos = new List<ConsulSilo>(rows.Count);
        foreach (var (silo, row) in rows)
        {
            alive.Remove(row.Key, out var aliveKey);
            silos.Add(new ConsulSilo(ReadEntry(silo, row, aliveKey), row, aliveKey));
        }

        return new ConsulMembership(version, silos, [.. alive.Values]);
    }

    private static bool TryParse(string name, [NotNullWhen(true)] out SiloAddress? silo)
    {
        // Somebody else's key below ours must not keep silos from seeing each other.
        try
        {
            silo = SiloAddress.FromParsableString(name);
            return true;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException)
        {
            silo = null;
            return false;
        }
    }

    private static TableVersion ReadVersion(ConsulKeyValue key) =>
        int.TryParse(key.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new TableVersion(version, ETag(key))
            : throw new ConsulException($"The key {key.Key} in Consul holds no number.");

    private static MembershipEntry ReadEntry(SiloAddress silo, ConsulKeyValue key, ConsulKeyValue? alive)
    {
        try
        {
            var row = JsonSerializer.Deserialize<Row>(key.Value) ?? throw new JsonException("It is null.");
            return new MembershipEntry
            {
                SiloAddress = silo,
                HostName = row.Hostname,
                ProxyPort = row.ProxyPort,
                StartTime = Utc(row.StartTime),
                Status = (SiloStatus)row.Status,
                SiloName = row.SiloName,
                SuspectTimes = row.SuspectingSilos?
                    .Select(vote => Tuple.Create(SiloAddress.FromParsableString(vote.Id), Utc(vote.Time))).ToList(),
                IAmAliveTime = alive is null ? Utc(row.StartTime)
                    : Utc(JsonSerializer.Deserialize<DateTime>(alive.Value)),
                RoleName = "",
            };
        }
        catch (Exception failure) when (failure is JsonException or FormatException or ArgumentException)
        {
            throw new ConsulException($"The key {key.Key} in Consul is damaged: {failure.Message}", failure);
        }
    }

    internal static string ETag(ConsulKeyValue key) => key.ModifyIndex.ToString(CultureInfo.InvariantCulture);

    // The JSON of a time without zone has no Z, and would be read as another moment elsewhere.
    private static DateTime Utc(DateTime time) => time.Kind switch
    {
        DateTimeKind.Utc => time,
        DateTimeKind.Local => time.ToUniversalTime(),
        _ => DateTime.SpecifyKind(time, DateTimeKind.Utc),
    };

    private sealed record Row(
        string Hostname,
        int ProxyPort,
        DateTime StartTime,
        int Status,
        string SiloName,
        IReadOnlyList<Suspicion>? SuspectingSilos);

    private sealed record Suspicion(string Id, DateTime Time);
}

/// <summary>The membership table as it stood at one moment.</summary>
/// <param name="Version">Its version; its ETag is 0 while there is none.</param>
/// <param name="Silos">All rows.</param>
/// <param name="Strays">Signs of life of silos that have no row any more.</param>
internal sealed record ConsulMembership(
    TableVersion Version, IReadOnlyList<ConsulSilo> Silos, IReadOnlyList<ConsulKeyValue> Strays);

/// <summary>A silo with the keys that it was read from.</summary>
internal sealed record ConsulSilo(MembershipEntry Entry, ConsulKeyValue Row, ConsulKeyValue? Alive)
{
    /// <summary>When its row is known to have changed last: it started, lived, or was suspected.</summary>
    public DateTime LastUpdate
    {
        get
        {
            var last = Entry.StartTime > Entry.IAmAliveTime ? Entry.StartTime : Entry.IAmAliveTime;
            foreach (var (_, time) in Entry.SuspectTimes ?? [])
                last = time > last ? time : last;
            return last;
        }
    }
}
