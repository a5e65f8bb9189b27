using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using IndiiMusic.Grains.Configuration;
using IndiiMusic.Infrastructure.Configuration;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>Finds the options classes, and makes a setting of each of their members.</summary>
internal static class OptionsReader
{
    private static readonly string[] Assemblies =
        ["Grains", "Infrastructure", "Silo", "Api", "Standalone"];

    // What follows from something else, which the class cannot know.
    private static readonly Dictionary<string, string> Derived = new(StringComparer.Ordinal)
    {
        ["Storage:Sqlite:File"] = "indii.db in the data folder",
        ["Objects:Folder:Folder"] = "objects in the data folder",
        ["Auth:SigningKeys:Folder"] = "keys in the data folder",
        ["Registration:ServiceName"] = "indii-silo, indii-api",
        ["LiveSettings:File:Path"] = "settings.json in the data folder",
    };

    // How the cluster's own Consul and its live settings are found cannot be told by them; the others are read while the
    // program is put together.
    private static readonly string[] StartOnly =
    [
        "Consul", "LiveSettings", "Clustering", "Proxies", "Logging", "Tracing", "Live", "Silo", "Auth:AccessTokens",
        "Limits:ConnectionsMax",
    ];

    /// <summary>Every class with a section: its name ends with Options.</summary>
    public static IEnumerable<Type> Types() => Assemblies
        .SelectMany(name => Assembly.Load("IndiiMusic." + name).GetTypes())
        .Where(type => type is { IsClass: true, IsAbstract: false } && SectionOf(type) is not null);

    public static string? SectionOf(Type type) =>
        type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    /// <summary>Whether live settings cannot carry them.</summary>
    public static bool IsStartOnly(PropertyInfo property)
    {
        var section = SectionOf(property.DeclaringType!)!;
        return StartOnly.Contains($"{section}:{property.Name}")
            || StartOnly.Contains(section) || StartOnly.Contains(section.Split(':')[0]);
    }

    public static IEnumerable<Setting> Read(Type type, IReadOnlyList<string> programs)
    {
        var defaults = Activator.CreateInstance(type)!;
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.SetMethod is { IsPublic: true })
            .SelectMany(property => Read(SectionOf(type)!, property, defaults, programs));
    }

    /// <summary>Whether a program has bound these options.</summary>
    public static bool IsBound(IServiceProvider services, Type options) =>
        services.GetService(typeof(IEnumerable<>).MakeGenericType(
            typeof(IOptionsChangeTokenSource<>).MakeGenericType(options))) is IEnumerable found
        && found.Cast<object>().Any();

    private static IEnumerable<Setting> Read(
        string section, PropertyInfo property, object defaults, IReadOnlyList<string> programs)
    {
        var key = $"{section}:{property.Name}";
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var value = property.GetValue(defaults);
        if (type != typeof(string) && ElementOf(type) is { } element)
        {
            key += typeof(IDictionary).IsAssignableFrom(type) || type.Name.Contains("Dictionary") ? ":<name>" : ":<n>";
            type = element;
            value = null;
        }

        var range = property.GetCustomAttribute<RangeAttribute>();
        yield return new Setting(
            key,
            KindOf(type),
            Derived.GetValueOrDefault(key) ?? Text(value),
            Text(range?.Minimum),
            Text(range?.Maximum),
            type.IsEnum ? Enum.GetNames(type) : null,
            property.IsDefined(typeof(LiveAttribute)) ? SettingChange.Live
                : IsStartOnly(property) ? SettingChange.StartOnly
                : SettingChange.AtStart,
            property.IsDefined(typeof(SecretAttribute)),
            programs,
            OptionsComments.Of(property));
    }

    private static Type? ElementOf(Type type) => type.GetInterfaces().Prepend(type)
        .Where(each => each.IsGenericType)
        .Select(each => (each.GetGenericTypeDefinition(), Arguments: each.GetGenericArguments()))
        .Where(each => each.Item1 == typeof(IEnumerable<>) || each.Item1 == typeof(IDictionary<,>))
        .OrderBy(each => each.Arguments.Length == 2 ? 0 : 1)
        .Select(each => each.Arguments[^1])
        .FirstOrDefault();

    private static SettingKind KindOf(Type type) =>
        type.IsEnum ? SettingKind.Choice
        : type == typeof(bool) ? SettingKind.Switch
        : type == typeof(TimeSpan) ? SettingKind.Duration
        : type == typeof(int) || type == typeof(long) ? SettingKind.Integer
        : type == typeof(double) ? SettingKind.Number
        : type == typeof(string) || type == typeof(Uri) ? SettingKind.Text
        : throw new InvalidOperationException($"The list of settings does not know what a {type} is.");

    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString(
            time.Milliseconds == 0 ? "c" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
        Uri uri => uri.OriginalString,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
