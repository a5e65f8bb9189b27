using IndiiMusic.Infrastructure.RabbitMq;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.RabbitMq;

/// <summary>Wrong settings are all named at once, and secrets never.</summary>
public sealed class RabbitMqOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => Assert.True(Validate(new RabbitMqOptions()).Succeeded);

    [Theory]
    [InlineData("amqp://a:b@host:5672/v", true)]
    [InlineData("amqps://host", true)]
    [InlineData("http://user:pa55word@host", false)]
    [InlineData("host:5672 pa55word", false)]
    public void Uris_are_checked_and_never_shown(string uri, bool isValid)
    {
        var result = Validate(new RabbitMqOptions { Uri = uri });

        Assert.Equal(isValid, result.Succeeded);
        Assert.DoesNotContain("pa55word", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one", true)]
    [InlineData("one:5672, two.example:5673,[::1]:5674,[::1]", true)]
    [InlineData("one:0", false)]
    [InlineData("one:x", false)]
    [InlineData("one:99999", false)]
    [InlineData("on e", false)]
    public void Endpoints_are_checked(string endpoints, bool isValid) =>
        Assert.Equal(isValid, Validate(new RabbitMqOptions { Endpoints = endpoints }).Succeeded);

    [Fact]
    public void Endpoints_are_split_into_host_and_port()
    {
        var options = new RabbitMqOptions { Endpoints = "one:5672,two,[::1]:5674" };
        Assert.Equal(
            [("one", 5672), ("two", null), ("::1", (int?)5674)], options.EndpointList.Select(RabbitMqOptions.Parse));
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var result = Validate(new RabbitMqOptions
        {
            Partitions = 0,
            Prefetch = 0,
            Prefix = "a b",
            Endpoints = "one:x",
            Password = "pa55word",
            ReconnectDelayMin = TimeSpan.FromSeconds(20),
            DeliveryLimit = 100,
            TlsAuthorityFile = "/nowhere.pem",
        });

        foreach (var name in new[]
        {
            "Partitions", "Prefetch", "Prefix", "one:x", "ReconnectDelayMax", "DeliveryLimit", "/nowhere.pem",
        })
        {
            Assert.Contains(name, result.FailureMessage, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("pa55word", result.FailureMessage, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(RabbitMqOptions options) =>
        new RabbitMqOptionsValidator().Validate(name: null, options);
}
