using System.Text.Json.Nodes;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>
/// A release from its installation to its end, by helm itself, against a stand-in for Kubernetes's API that only keeps
/// what it is given.
/// </summary>
[Trait("Server", "Helm")]
public sealed class ChartLifeTests : IAsyncLifetime
{
    private const string Keys = "music-indiimusic-signing-keys";
    private const string EncryptionKeys = "music-indiimusic-encryption-keys";

    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Keys_that_sign_stay_over_upgrades_a_rollback_and_a_new_installation()
    {
        await HelmAsync("install", "image.tag=1.0.0");
        var first = Data(Keys);
        Assert.Single(first);
        var encryption = Data(EncryptionKeys);
        Assert.Single(encryption);
        Assert.Equal("music-indiimusic-credentials", Assert.Single(
            _api.Names("secrets"), name => name.EndsWith("-credentials", StringComparison.Ordinal)));
        Assert.Equal("indii-silo:1.0.0", Image("silo"));

        await HelmAsync("upgrade", "image.tag=1.1.0", "gateway.replicas=4", "rabbitmq.password=another");
        Assert.Equal(first, Data(Keys));
        Assert.Equal(encryption, Data(EncryptionKeys));
        Assert.Equal("indii-silo:1.1.0", Image("silo"));
        var changed = Data("music-indiimusic-credentials")["rabbitmq-password"];

        // The operator adds a key and withdraws the old one.
        var rotated = new Dictionary<string, string> { ["access-token-20990101T000000Z.pem"] = "QQ==" };
        _api.Find("secrets", Keys)!["data"] = new JsonObject(
            rotated.Select(each => new KeyValuePair<string, JsonNode?>(each.Key, each.Value)));
        await HelmAsync("upgrade", "image.tag=1.2.0");
        Assert.Equal(rotated, Data(Keys));

        await Helm.RunAsync(["rollback", "music", "1", .. Cluster()]);
        Assert.Equal("indii-silo:1.0.0", Image("silo"));
        Assert.NotEqual(changed, Data("music-indiimusic-credentials")["rabbitmq-password"]);
        Assert.Equal(rotated, Data(Keys));

        await Helm.RunAsync(["uninstall", "music", .. Cluster()]);
        Assert.Empty(_api.Names("deployments"));
        Assert.Equal([EncryptionKeys, Keys], _api.Names("secrets").Order(StringComparer.Ordinal));
        await HelmAsync("install", "image.tag=1.3.0");
        Assert.Equal(rotated, Data(Keys));
        Assert.Equal(encryption, Data(EncryptionKeys));
    }

    [Fact]
    public async Task Changed_settings_start_those_pods_anew_that_they_concern_and_no_others()
    {
        await HelmAsync("install");
        var (silo, gateway) = (Template("silo"), Template("gateway"));

        await HelmAsync("upgrade", "networkPolicy.enabled=false", "silo.replicas=5");
        Assert.Equal((silo, gateway), (Template("silo"), Template("gateway")));

        await HelmAsync("upgrade", "gateway.config.RateLimits:UserPerSecond=7");
        Assert.Equal(silo, Template("silo"));
        Assert.NotEqual(gateway, Template("gateway"));
    }

    private Task<string> HelmAsync(string command, params string[] values) => Helm.RunAsync(
    [
        command, "music", Helm.Chart, "--values", Helm.ValuesFile("minimal"),
        .. values.SelectMany(value => new[] { "--set", value }), .. Cluster(),
    ]);

    private string[] Cluster() => ["--namespace", RenderedChart.Namespace, "--kube-apiserver", _api.Address];

    private Dictionary<string, string> Data(string secret) => _api.Find("secrets", secret)!["data"]!.AsObject()
        .ToDictionary(each => each.Key, each => each.Value!.GetValue<string>());

    private string Template(string component) => Deployment(component)["spec"]!["template"]!.ToJsonString();

    private string Image(string component) => Deployment(component)["spec"]!["template"]!["spec"]!["containers"]![0]!
        ["image"]!.GetValue<string>();

    private JsonObject Deployment(string component) => _api.Find("deployments", $"music-indiimusic-{component}")!;
}
