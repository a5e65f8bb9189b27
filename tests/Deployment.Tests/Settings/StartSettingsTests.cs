using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using IndiiMusic.Grains.Configuration;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.LiveSettings;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>What live settings change at the next start, they do: nothing is read before they are.</summary>
public sealed class StartSettingsTests
{
    private const double More = 1.1;

    [Fact]
    public async Task What_waits_for_the_next_start_holds_from_then_on()
    {
        var file = Path.GetTempFileName();
        var expected = OptionsReader.Types()
            .SelectMany(type => type.GetProperties().Select(property => (type, property, value: Other(property))))
            .Where(each => each.value is not null)
            .ToList();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(expected.ToDictionary(
            each => $"{OptionsReader.SectionOf(each.type)}:{each.property.Name}",
            each => Convert.ToString(each.value, CultureInfo.InvariantCulture))));

        var tried = 0;
        foreach (var (_, program) in ProgramSettings.Programs(
            ["--LiveSettings:Provider=File", $"--LiveSettings:File:Path={file}"]))
        {
            // As each program starts.
            StartFailure.ThrowIfMisconfigured(program.Services);
            await program.Services.LoadLiveSettingsAsync();
            var bound = expected.Where(each => OptionsReader.IsBound(program.Services, each.type)).ToList();
            Assert.All(bound, each => Assert.Equal(
                each.value, each.property.GetValue(Held(program.Services, each.type))));
            tried += bound.Count;
            await program.DisposeAsync();
        }

        Assert.True(tried > 100, $"Only {tried} settings were tried.");
        File.Delete(file);
    }

    /// <summary>What the parts of the program were given, once and for all.</summary>
    private static object Held(IServiceProvider services, Type type) => ((IOptions<object>)services.GetService(
        typeof(IOptions<>).MakeGenericType(type))!).Value;

    /// <summary>Another value than the default, within its range; null where there is none to choose.</summary>
    private static object? Other(PropertyInfo property)
    {
        if (OptionsReader.IsStartOnly(property)
            || property.GetCustomAttribute<RangeAttribute>() is not { } range || property.IsDefined(typeof(LiveAttribute)))
        {
            return null;
        }

        var value = property.GetValue(Activator.CreateInstance(property.DeclaringType!));
        return value switch
        {
            int number => Math.Min((int)Math.Ceiling((number * More) + 1), (int)range.Maximum),
            long number => (long)Math.Ceiling((number * More) + 1),
            TimeSpan time => time * More,
            _ => null,
        };
    }
}
