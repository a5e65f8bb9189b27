using IndiiMusic.Infrastructure.Consul;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.Consul;

public sealed class ConsulOptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Validate([]);
    }

    [Fact]
    public void An_ipv6_address_and_no_root_are_valid()
    {
        Validate(new() { ["Consul:Address"] = "https://[::1]:8501", ["Clustering:Consul:Root"] = "" });
    }

    [Theory]
    [InlineData("Consul:Address", "ftp://consul", "Consul:Address is 'ftp://consul/'; it may be like http://127")]
    [InlineData("Consul:Address", "consul", "Consul:Address is 'consul'; it may be like http://127.0.0.1:8500")]
    [InlineData("Consul:Address", "http://consul/v1", "Consul:Address is 'http://consul/v1'; it may be like")]
    [InlineData("Consul:Address", "http://u:secret@consul", "Consul:Address has a user before the host")]
    [InlineData("Consul:Address", "ftp://u:secret@consul", "Consul:Address is; it may be like")]
    [InlineData("Consul:Token", "secret\nsecret", "Consul:Token has spaces")]
    [InlineData("Consul:ClientKeyFile", "key.pem", "Consul:ClientKeyFile and Consul:ClientCertificateFile go together")]
    [InlineData("Consul:CertificateAuthorityFile", "ca.pem", "Consul:CertificateAuthorityFile is 'ca.pem', but")]
    [InlineData("Consul:RequestTimeout", "00:00:00", "RequestTimeout: ")]
    [InlineData("Clustering:Consul:Root", "/indii", "Clustering:Consul:Root is '/indii'; it may be like 'indiimusic'")]
    [InlineData("Clustering:Consul:Root", "indii/", "Clustering:Consul:Root is 'indii/'; it may be like 'indiimusic'")]
    [InlineData("Clustering:Consul:GatewayRefreshPeriod", "00:00:00", "GatewayRefreshPeriod: ")]
    [InlineData("Registration:ServiceName", "indii_api", "Registration:ServiceName is 'indii_api'; it may have")]
    [InlineData("Registration:HealthUrl", "health", "Registration:HealthUrl is 'health'; it may be like")]
    [InlineData("Registration:Port", "70000", "Port: ")]
    [InlineData("Registration:DeregisterCriticalServiceAfter", "00:00:30", "DeregisterCriticalServiceAfter")]
    public void What_cannot_be_stops_the_start_and_is_named(string key, string value, string said)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Validate(new() { [key] = value }));

        Assert.Contains(refused.Failures, failure => failure.StartsWith(said, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_good_stop_the_start_all_at_once()
    {
        var program = typeof(ConsulOptionsTests).Assembly.Location;
        var refused = Assert.Throws<OptionsValidationException>(() => Validate(new()
        {
            ["Consul:Address"] = "https://consul",
            ["Consul:CertificateAuthorityFile"] = "/nowhere/ca.pem",
            ["Consul:ClientCertificateFile"] = program,
            ["Consul:ClientKeyFile"] = program,
        }));

        Assert.Equal(2, refused.Failures.Count());
        Assert.Contains(
            "Consul:CertificateAuthorityFile is '/nowhere/ca.pem', and there is no such file.", refused.Failures);
        Assert.Contains($"Consul:ClientKeyFile is '{program}', which cannot be used", refused.Message,
            StringComparison.Ordinal);
    }

    private static void Validate(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddConsulRegistration("indii-test");
        builder.UseOrleansClient(client => client.UseConsulClustering());
        using var host = builder.Build();
        host.Services.GetRequiredService<IStartupValidator>().Validate();
    }
}
