using System.Globalization;
using System.Text.Json.Serialization;

namespace IndiiMusic.Infrastructure.Configuration;

/// <summary>One key that the programs read.</summary>
/// <param name="Key">
/// The key. A part such as <c>&lt;name&gt;</c> stands for any one part, and <c>&lt;setting...&gt;</c> at the end for
/// one or more.
/// </param>
/// <param name="Kind">What its value is.</param>
/// <param name="Default">What holds when nothing is said; null for nothing.</param>
/// <param name="Min">The least value, for what has a range.</param>
/// <param name="Max">The greatest value, for what has a range.</param>
/// <param name="Words">The words that it may be, for a choice.</param>
/// <param name="Change">When a change takes effect.</param>
/// <param name="IsSecret">Whether its value must never be shown.</param>
/// <param name="Programs">Which programs read it: silo, gateway, standalone.</param>
/// <param name="Description">What it is, in a sentence or two.</param>
public sealed record Setting(
    string Key,
    SettingKind Kind,
    string? Default,
    string? Min,
    string? Max,
    IReadOnlyList<string>? Words,
    SettingChange Change,
    bool IsSecret,
    IReadOnlyList<string> Programs,
    string Description)
{
    private string[]? _parts;

    /// <summary>The key's parts.</summary>
    [JsonIgnore]
    internal string[] Parts => _parts ??= Key.Split(':');

    /// <summary>Whether this is the key, whatever stands in its places for names.</summary>
    internal bool Matches(string[] key)
    {
        for (var i = 0; i < Parts.Length; i++)
        {
            if (i >= key.Length)
                return false;
            if (IsPlace(Parts[i]))
            {
                if (Parts[i].EndsWith("...>", StringComparison.Ordinal))
                    return true;
            }
            else if (!string.Equals(Parts[i], key[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return key.Length == Parts.Length;
    }

    /// <summary>The key with what another has in its places for names.</summary>
    internal string Like(string[] other) => string.Join(
        ':', Parts.Select((part, i) => IsPlace(part) && i < other.Length ? other[i] : part));

    /// <summary>Why a value is none for this key, as the end of a sentence; null when it may be one.</summary>
    internal string? ProblemOf(string value)
    {
        var isOne = Kind switch
        {
            SettingKind.Integer => long.TryParse(
                value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                && IsWithin(number, text => long.Parse(text, CultureInfo.InvariantCulture)),
            SettingKind.Number => double.TryParse(
                value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && IsWithin(number, text => double.Parse(text, CultureInfo.InvariantCulture)),
            SettingKind.Duration => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time)
                && IsWithin(time, text => TimeSpan.Parse(text, CultureInfo.InvariantCulture)),
            SettingKind.Switch => bool.TryParse(value, out _),
            SettingKind.Choice => Words!.Contains(value, StringComparer.OrdinalIgnoreCase),
            _ => true,
        };
        return isOne || (value.Length == 0 && Default is null) ? null : $"it may be {Allowed}";
    }

    /// <summary>What the value may be, in words.</summary>
    [JsonIgnore]
    public string Allowed => Kind switch
    {
        SettingKind.Integer => Min is null ? "a whole number" : $"{Min} to {Max}",
        SettingKind.Number => Min is null ? "a number" : $"{Min} to {Max}",
        SettingKind.Duration => Min is null ? "a time such as 00:00:30" : $"{Min} to {Max}",
        SettingKind.Switch => "true or false",
        SettingKind.Choice => string.Join(", ", Words!),
        _ => "text",
    };

    private static bool IsPlace(string part) => part.StartsWith('<');

    private bool IsWithin<T>(T value, Func<string, T> parse)
        where T : IComparable<T> =>
        (Min is null || value.CompareTo(parse(Min)) >= 0) && (Max is null || value.CompareTo(parse(Max)) <= 0);
}

/// <summary>What a setting's value is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingKind>))]
public enum SettingKind
{
    /// <summary>Any text, within what its description says.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number, with a point where there is a fraction.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>A time as <c>hh:mm:ss</c>, <c>hh:mm:ss.fff</c> or <c>d.hh:mm:ss</c>.</summary>
    Duration,

    /// <summary>One of several words.</summary>
    Choice,
}

/// <summary>When a change of a setting takes effect.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SettingChange>))]
public enum SettingChange
{
    /// <summary>When the program starts the next time.</summary>
    AtStart,

    /// <summary>At once.</summary>
    Live,

    /// <summary>
    /// When the program starts the next time, and live settings cannot carry it: it is read before they are.
    /// </summary>
    StartOnly,
}
