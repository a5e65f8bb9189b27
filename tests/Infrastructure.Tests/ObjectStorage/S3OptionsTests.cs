using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.ObjectStorage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

/// <summary>What is told of wrong settings. Nothing here connects.</summary>
public sealed class S3OptionsTests
{
    [Fact]
    public void Settings_as_small_as_they_can_be_are_enough() =>
        Assert.Empty(Problems(("Bucket", "music"), ("Region", "eu-central-1")));

    [Fact]
    public void Every_wrong_setting_is_told_at_once_by_key_and_value_without_secrets()
    {
        var problems = Problems(
            ("Bucket", "My_Bucket"),
            ("ServiceUrl", "ftp://there"),
            ("SecretKey", "hush"),
            ("PartSizeBytes", "1000"),
            ("AttemptTimeout", "01:00:00"),
            ("KeyPrefix", "/x"),
            ("Redirect", "Cdn"),
            ("PresignedServiceUrl", "https://me:hush@there"));

        Assert.Collection(
            problems.Order(StringComparer.Ordinal),
            line => Assert.StartsWith("Objects:S3:AccessKey and Objects:S3:SecretKey belong together", line),
            line => Assert.StartsWith("Objects:S3:AttemptTimeout is '01:00:00'; it must be between", line),
            line => Assert.StartsWith("Objects:S3:Bucket is 'My_Bucket'; it must be 3 to 63", line),
            line => Assert.StartsWith("Objects:S3:CdnBaseUrl is empty;", line),
            line => Assert.StartsWith("Objects:S3:KeyPrefix is '/x'; it must be", line),
            line => Assert.StartsWith("Objects:S3:PartSizeBytes is '1000'; it must be between 5242880", line),
            line => Assert.StartsWith("Objects:S3:PresignedServiceUrl holds a user name", line),
            line => Assert.StartsWith("Objects:S3:ServiceUrl is 'ftp://there'; it may be", line));
        Assert.DoesNotContain(problems, line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void Neither_a_server_nor_a_region_is_told() =>
        Assert.StartsWith(
            "Objects:S3:ServiceUrl and Objects:S3:Region are both empty", Assert.Single(Problems(("Bucket", "music"))));

    [Fact]
    public void An_unknown_region_of_Amazons_is_told() =>
        Assert.StartsWith(
            "Objects:S3:Region is 'mars-1'", Assert.Single(Problems(("Bucket", "music"), ("Region", "mars-1"))));

    private static IReadOnlyList<string> Problems(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting =>
                KeyValuePair.Create($"{S3Options.Section}:{setting.Name}", (string?)setting.Value)))
            .Build();
        using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddS3ObjectStore()
            .BuildServiceProvider();
        var failure = Record.Exception(() => StartFailure.ThrowIfMisconfigured(services));
        return failure is null ? [] : StartFailure.Describe(failure, configuration);
    }
}
