using System.Globalization;
using IndiiMusic.Api;
using IndiiMusic.Api.Draining;
using IndiiMusic.Infrastructure.Configuration;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Silo;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>The settings that the chart makes of values, held against the programs that read them.</summary>
[Trait("Server", "Helm")]
public sealed class ChartSettingsTests
{
    public static TheoryData<string> Sets => RenderedChart.Sets;

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Every_key_is_one_that_the_program_reads_and_secrets_come_from_secrets(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        foreach (var component in RenderedChart.Components)
        {
            var open = ProgramEnvironment.Open(chart, component);
            var secret = ProgramEnvironment.Secret(chart, component);
            Assert.True(open.Count >= 12, $"{component} has only {open.Count} settings.");
            foreach (var key in open.Keys.Concat(secret.Keys))
            {
                var setting = SettingsCatalogue.Find(key);
                Assert.True(setting is not null, $"No program knows {key}.");
                Assert.True(setting.Programs.Contains(component), $"{key} says nothing to a {component}.");
            }

            // Names of users are no secrets, and stand in one beside what belongs to them.
            Assert.All(open.Keys, key => Assert.True(IsShown(key), $"{key} is a secret, and stands in the open."));
            Assert.All(secret.Keys, key => Assert.True(
                !IsShown(key) || key is "Streams:RabbitMq:UserName" or "Objects:S3:AccessKey", $"{key} is no secret."));
        }

        static bool IsShown(string key) =>
            SettingsCatalogue.Find(key) is { IsSecret: false } || key.EndsWith(":Url", StringComparison.Ordinal)
            || key == "Redis:ConnectionString";
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task No_config_map_holds_a_secret_that_was_given(string set)
    {
        var given = (string[])["a-password-for-trying-out", "a-secret-for-trying-out"];
        var chart = await RenderedChart.OfSetAsync(set);

        Assert.All(chart.All<V1ConfigMap>(), map => Assert.All(given, secret =>
            Assert.DoesNotContain(map.Data ?? new Dictionary<string, string>(), entry =>
                entry.Value.Contains(secret, StringComparison.Ordinal))));
        Assert.All(given, secret => Assert.DoesNotContain(secret, chart.Text, StringComparison.Ordinal));
        if (set == "minimal")
        {
            var credentials = chart.Only<V1Secret>(each =>
                each.Metadata.Name.EndsWith("-credentials", StringComparison.Ordinal));
            Assert.Equal(4, credentials.Data.Count);
            Assert.Equal(given[0], System.Text.Encoding.UTF8.GetString(credentials.Data["rabbitmq-password"]));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task The_programs_themselves_find_nothing_wrong_with_them(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        foreach (var component in RenderedChart.Components)
        {
            await using var program = Build(chart, component);

            StartFailure.ThrowIfMisconfigured(program.Services);
        }
    }

    [Fact]
    public async Task A_setting_that_is_none_is_found_by_the_program()
    {
        var chart = await RenderedChart.OfAsync("minimal", "silo.config.Silo:ProbeTimeout=soon");
        await using var silo = Build(chart, "silo");

        Assert.ThrowsAny<Exception>(() => StartFailure.ThrowIfMisconfigured(silo.Services));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task A_pod_has_longer_to_stop_than_its_program_takes(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        foreach (var component in RenderedChart.Components)
        {
            await using var program = Build(chart, component);
            var stops = program.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout
                + (component == "gateway"
                    ? program.Services.GetRequiredService<IOptions<DrainingOptions>>().Value.Delay
                    : TimeSpan.Zero);
            var grace = TimeSpan.FromSeconds(
                chart.Deployment(component).Spec.Template.Spec.TerminationGracePeriodSeconds!.Value);

            Assert.True(grace >= stops + TimeSpan.FromSeconds(10), $"{component}: {grace} for {stops}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task A_gateway_goes_on_until_its_readiness_was_asked_often_enough_to_be_missed(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);
        await using var gateway = Build(chart, "gateway");

        var probe = chart.Deployment("gateway").Spec.Template.Spec.Containers[0].ReadinessProbe;
        var delay = gateway.Services.GetRequiredService<IOptions<DrainingOptions>>().Value.Delay;

        Assert.True(delay >= TimeSpan.FromSeconds(probe.PeriodSeconds!.Value * probe.FailureThreshold!.Value));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task A_container_has_the_ports_that_its_program_is_told_to_listen_on(string set)
    {
        var chart = await RenderedChart.OfSetAsync(set);

        var silo = ProgramEnvironment.Open(chart, "silo");
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["management"] = PortOf(silo["Kestrel:Endpoints:Management:Url"]),
                ["silo"] = int.Parse(silo["Silo:SiloPort"], CultureInfo.InvariantCulture),
                ["silo-gateway"] = int.Parse(silo["Silo:GatewayPort"], CultureInfo.InvariantCulture),
            },
            PortsOf("silo"));
        var gateway = ProgramEnvironment.Open(chart, "gateway");
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["http"] = PortOf(gateway["Kestrel:Endpoints:Http:Url"]),
                ["management"] = PortOf(gateway["Kestrel:Endpoints:Management:Url"]),
            },
            PortsOf("gateway"));

        Dictionary<string, int> PortsOf(string component) =>
            chart.Deployment(component).Spec.Template.Spec.Containers[0].Ports
                .ToDictionary(port => port.Name, port => port.ContainerPort);

        static int PortOf(string url) => Microsoft.AspNetCore.Http.BindingAddress.Parse(url).Port;
    }

    private static WebApplication Build(RenderedChart chart, string component)
    {
        var settings = ProgramEnvironment.Whole(chart, component, "127.0.0.1", SecretOf)
            .Select(each => each.Key == "Consul:CertificateAuthorityFile"
                // The secret that is mounted there belongs to the operator; any file with a certificate stands for it.
                ? $"--{each.Key}={Certificate.Value}"
                : $"--{each.Key}={each.Value}")
            .ToArray();
        return component == "silo" ? SiloApplication.Create(settings) : ApiApplication.Create(settings);
    }

    private static string SecretOf(string key) => key switch
    {
        "Storage:MongoDb:ConnectionString" => "mongodb://mongodb/?replicaSet=rs0",
        _ => "something-secret",
    };

    private static readonly Lazy<string> Certificate = new(static () =>
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var now = DateTimeOffset.UtcNow;
        using var authority = new System.Security.Cryptography.X509Certificates.CertificateRequest(
                "CN=consul", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(AppContext.BaseDirectory, "chart-consul-ca.crt");
        File.WriteAllText(file, authority.ExportCertificatePem());
        return file;
    });
}
