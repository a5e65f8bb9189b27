using System.Text.RegularExpressions;
using IndiiMusic.Infrastructure.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace IndiiMusic.Deployment.Tests.Images;

/// <summary>The cluster that Docker Compose makes.</summary>
public sealed partial class ComposeTests
{
    private static readonly Lazy<Dictionary<string, object>> Compose = new(static () =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(
            new MergingParser(new Parser(new StringReader(Text)))));

    private static string Text => File.ReadAllText(Repository.PathOf("compose.yaml"));

    private static Dictionary<string, Dictionary<object, object>> Services =>
        ((Dictionary<object, object>)Compose.Value["services"])
            .ToDictionary(each => (string)each.Key, each => (Dictionary<object, object>)each.Value);

    private static IEnumerable<Dictionary<object, object>> Programs => Services
        .Where(each => each.Key is "silo" or "gateway1" or "gateway2").Select(each => each.Value);

    [Fact]
    public void Everything_runs_that_a_cluster_needs() => Assert.Equal(
        ["consul", "gateway1", "gateway2", "mongodb", "mongodb-initiate", "rabbitmq", "redis", "s3", "silo"],
        Services.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_image_has_a_version()
    {
        Assert.All(Services.Values, service =>
        {
            var image = (string)service["image"];
            Assert.Matches(@"^[\w./-]+:[\w.${}:-]+$", image);
            Assert.DoesNotContain("latest", image, StringComparison.Ordinal);
        });
        Assert.All(Programs, program =>
            Assert.True(File.Exists(Repository.PathOf(
                (string)((Dictionary<object, object>)program["build"])["dockerfile"]))));
    }

    [Fact]
    public void Ports_are_published_on_loopback_alone()
    {
        var ports = Services.Values.Where(service => service.ContainsKey("ports"))
            .SelectMany(service => (List<object>)service["ports"]).Cast<string>().ToList();

        Assert.Equal(2, ports.Count);
        Assert.All(ports, port => Assert.Matches(@"^127\.0\.0\.1:\d+:8080$", port));
    }

    [Fact]
    public void Secrets_come_from_the_environment_and_are_asked_for()
    {
        foreach (var (name, value) in Services.Values.SelectMany(Variables))
        {
            var isSecret = name.StartsWith("INDIIMUSIC_", StringComparison.Ordinal)
                ? SettingsCatalogue.Find(KeyOf(name))!.IsSecret
                : SecretName().IsMatch(name);

            // An address with no password in it is none.
            if (isSecret && value is not ("mongodb://mongodb:27017/?replicaSet=rs0" or "redis:6379"))
                Assert.Matches(@"^\$\{\w+:\?.+\}$", value);
        }

        var example = File.ReadAllLines(Repository.PathOf(".env.example"))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.All(Asked().Matches(Text).Select(match => match.Groups["name"].Value), name =>
            Assert.Equal("", example[name]));
        Assert.Contains(".env", File.ReadAllLines(Repository.PathOf(".gitignore")));
    }

    [Fact]
    public void The_programs_know_every_setting_and_are_confined()
    {
        Assert.All(Programs, program =>
        {
            Assert.All(Variables(program), variable => Assert.NotNull(SettingsCatalogue.Find(KeyOf(variable.Name))));
            Assert.Equal("true", program["read_only"]);
            Assert.Equal("ALL", Assert.Single((List<object>)program["cap_drop"]));
            Assert.Equal("no-new-privileges:true", Assert.Single((List<object>)program["security_opt"]));
            var check = (List<object>)((Dictionary<object, object>)program["healthcheck"])["test"];
            Assert.Equal(
                ["CMD", "/usr/local/bin/check-health", "127.0.0.1", "8081", "/health/ready"], check.Cast<string>());
        });
        Assert.Equal("75s", Services["silo"]["stop_grace_period"]);
        Assert.Equal("70s", Services["gateway1"]["stop_grace_period"]);
    }

    [Fact]
    public void Each_waits_until_what_it_needs_is_healthy()
    {
        foreach (var (name, service) in Services)
        {
            if (name == "mongodb-initiate")
                continue;
            Assert.True(service.ContainsKey("healthcheck"), $"{name} has no health check.");
        }

        Assert.All(Programs, program =>
        {
            var awaited = (Dictionary<object, object>)program["depends_on"];
            Assert.Equal(
                ["consul", "mongodb-initiate", "rabbitmq", "redis", "s3"],
                awaited.Keys.Cast<string>().Order(StringComparer.Ordinal));
            Assert.All(awaited, each => Assert.Equal(
                (string)each.Key == "mongodb-initiate" ? "service_completed_successfully" : "service_healthy",
                ((Dictionary<object, object>)each.Value)["condition"]));
        });
        var declared = ((Dictionary<object, object>)Compose.Value["volumes"]).Keys.Cast<string>().ToList();
        Assert.All(
            Services.Values.Where(service => service.ContainsKey("volumes"))
                .SelectMany(service => (List<object>)service["volumes"]).Cast<string>()
                .Where(volume => volume.Contains(':', StringComparison.Ordinal)),
            volume => Assert.Contains(volume.Split(':')[0], declared));
    }

    private static IEnumerable<(string Name, string Value)> Variables(Dictionary<object, object> service) =>
        service.TryGetValue("environment", out var variables)
            ? ((Dictionary<object, object>)variables).Select(each => ((string)each.Key, (string)each.Value))
            : [];

    private static string KeyOf(string variable) =>
        variable["INDIIMUSIC_".Length..].Replace("__", ":", StringComparison.Ordinal);

    [GeneratedRegex("PASS|SECRET|AUTH", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\$\{(?<name>\w+):\?", RegexOptions.ExplicitCapture)]
    private static partial Regex Asked();
}
