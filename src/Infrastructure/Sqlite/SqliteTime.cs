using System.Globalization;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// Times as they stand in the file: UTC in ISO 8601 with seven decimals, readable, and in the order of their text.
/// </summary>
internal static class SqliteTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) => DateTimeOffset.ParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
