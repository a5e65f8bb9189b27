using System.Net;
using System.Text;
using IndiiMusic.Infrastructure.Consul;

namespace IndiiMusic.Infrastructure.Tests.Consul;

/// <summary>Holds keys and JSON to what Microsoft.Orleans.Clustering.Consul writes and reads.</summary>
public sealed class ConsulMembershipRowsTests
{
    private const string Row =
        """{"Hostname":"host","ProxyPort":30000,"StartTime":"2026-05-06T07:08:09.1234567Z","Status":3,"""
        + """
        "SiloName":"silo-1","SuspectingSilos":[{"Id":"10.0.0.2:11111@6","Time":"2026-05-06T07:08:10Z"}]}
        """;

    private static readonly DateTime Start = new DateTime(2026, 5, 6, 7, 8, 9, DateTimeKind.Utc).AddTicks(1_234_567);

    private readonly ConsulMembershipRows _rows = new("music/indii", "prod");

    private readonly MembershipEntry _entry = new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11_111, 5),
        HostName = "host",
        ProxyPort = 30_000,
        StartTime = Start,
        Status = SiloStatus.Active,
        SiloName = "silo-1",
        SuspectTimes =
        [
            Tuple.Create(SiloAddress.New(IPAddress.Parse("10.0.0.2"), 11_111, 6), new DateTime(2026, 5, 6, 7, 8, 10)),
        ],
    };

    [Fact]
    public void Keys_are_those_of_the_package()
    {
        Assert.Equal("music/indii/orleans/prod/version", _rows.VersionKey);
        Assert.Equal("music/indii/orleans/prod/10.0.0.1:11111@5", _rows.RowKey(_entry.SiloAddress));
        Assert.Equal("music/indii/orleans/prod/10.0.0.1:11111@5/iamalive", _rows.AliveKey(_entry.SiloAddress));
        Assert.Equal("orleans/prod/version", new ConsulMembershipRows("", "prod").VersionKey);
    }

    [Fact]
    public void Values_are_those_of_the_package()
    {
        Assert.Equal(Row, Encoding.UTF8.GetString(ConsulMembershipRows.RowBytes(_entry)));
        Assert.Equal(
            "\"2026-05-06T07:08:09.1234567Z\"", Encoding.UTF8.GetString(ConsulMembershipRows.AliveBytes(Start)));
        Assert.Equal("7", Encoding.UTF8.GetString(ConsulMembershipRows.VersionBytes(new TableVersion(7, "1"))));
        _entry.SuspectTimes = null;
        Assert.EndsWith(
            "\"SuspectingSilos\":null}",
            Encoding.UTF8.GetString(ConsulMembershipRows.RowBytes(_entry)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_package_wrote_is_read()
    {
        var read = _rows.Read(
        [
            Key("version", "7", 21),
            Key("10.0.0.1:11111@5", Row.Replace("]}", """],"New":{"zone":"a"}}""", StringComparison.Ordinal), 20),
            Key("10.0.0.1:11111@5/iamalive", "\"2026-05-06T07:18:09Z\"", 22),
            Key("10.0.0.1:11111@50", Row, 19),
        ]);

        Assert.Equal(new TableVersion(7, "21"), read.Version);
        Assert.Empty(read.Strays);
        Assert.Equal(2, read.Silos.Count);
        var (first, second) = (read.Silos[0].Entry, read.Silos[1].Entry);
        Assert.Equal(_entry.SiloAddress, first.SiloAddress);
        Assert.Equal(("host", 30_000, SiloStatus.Active, "silo-1"), (
            first.HostName, first.ProxyPort, first.Status, first.SiloName));
        Assert.Equal(Start, first.StartTime);
        Assert.Equal(_entry.SuspectTimes, first.SuspectTimes);
        Assert.Equal(new DateTime(2026, 5, 6, 7, 18, 9, DateTimeKind.Utc), first.IAmAliveTime);
        Assert.Equal(Start, second.IAmAliveTime);
    }

    [Fact]
    public void Keys_of_somebody_else_do_not_disturb_and_a_damaged_row_is_named()
    {
        Assert.Empty(_rows.Read([Key("notes", "hello", 1), Key("a/b/c", "hello", 2), Key("", "", 3)]).Silos);

        var damaged = Assert.Throws<ConsulException>(() => _rows.Read([Key("10.0.0.1:11111@5", "{", 1)]));
        Assert.Contains("10.0.0.1:11111@5", damaged.Message, StringComparison.Ordinal);
        Assert.Throws<ConsulException>(() => _rows.Read([Key("version", "seven", 1)]));
    }

    [Fact]
    public void A_sign_of_life_without_a_row_is_a_stray()
    {
        var read = _rows.Read([Key("10.0.0.1:11111@5/iamalive", "\"2026-05-06T07:18:09Z\"", 22)]);

        Assert.Empty(read.Silos);
        Assert.Single(read.Strays);
    }

    private static ConsulKeyValue Key(string name, string value, ulong index) =>
        new($"music/indii/orleans/prod/{name}", Encoding.UTF8.GetBytes(value), index);
}
