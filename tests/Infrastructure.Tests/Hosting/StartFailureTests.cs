using System.ComponentModel.DataAnnotations;
using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.Hosting;

public sealed partial class StartFailureTests
{
    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_by_key_and_value()
    {
        var lines = Refusals(("Kettle:Litres", "90"), ("Fuel:Provider", "peat"), ("Kettle:Token", "s3cret-and-long"));

        Assert.Equal(
            [
                "Fuel:Provider is 'peat'; it may be Wood or Gas.",
                "Kettle:Litres is '90'; it must be between 1 and 5.",
                "Kettle:Name is required.",
                "Kettle:Token must be a string or collection type with a minimum length of '0' and maximum length of '3'.",
            ],
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Words_are_taken_in_any_case_and_nothing_means_the_default()
    {
        var services = new ServiceCollection();

        Assert.Equal(Fuel.Gas, services.ChooseProvider(Settings(("Fuel:Provider", "gas")), "Fuel", Fuel.Wood));
        Assert.Equal(Fuel.Wood, services.ChooseProvider(Settings(), "Fuel", Fuel.Wood));
        Assert.Equal(Fuel.Wood, services.ChooseProvider(Settings(("Fuel:Provider", "1")), "Fuel", Fuel.Wood));
    }

    private static IReadOnlyList<string> Refusals(params (string Key, string Value)[] settings)
    {
        var configuration = Settings(settings);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddOptions<KettleOptions>().BindConfiguration(KettleOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KettleOptions>, KettleOptionsValidator>();
        services.ChooseProvider(configuration, "Fuel", Fuel.Wood);
        using var provider = services.BuildServiceProvider();

        var refused = Record.Exception(() => StartFailure.ThrowIfMisconfigured(provider));

        Assert.NotNull(refused);
        return StartFailure.Describe(refused, configuration);
    }

    private static IConfigurationRoot Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value)))
            .Build();

    internal enum Fuel
    {
        Wood,
        Gas,
    }

    internal sealed class KettleOptions
    {
        public const string Section = "Kettle";

        [Range(1, 5)]
        public int Litres { get; set; } = 1;

        [Required]
        public string Name { get; set; } = "";

        [Length(0, 3)]
        public string Token { get; set; } = "";
    }

    [OptionsValidator]
    internal sealed partial class KettleOptionsValidator : IValidateOptions<KettleOptions>;
}
