using System.Globalization;

namespace IndiiMusic.Infrastructure.Documents;

/// <summary>
/// Times as databases keep them: UTC in ISO 8601 with seven decimals, readable, and in the order of their text.
/// </summary>
internal static class TimeText
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) => DateTimeOffset.ParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
