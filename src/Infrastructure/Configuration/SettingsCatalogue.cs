using System.Text.Json;

namespace IndiiMusic.Infrastructure.Configuration;

/// <summary>
/// Every key that the programs read. The list is taken from the options classes by a test, which writes settings.json
/// and docs/configuration.md and holds both against the code; so each program knows the keys of all.
/// </summary>
public static class SettingsCatalogue
{
    private const string Resource = "IndiiMusic.Infrastructure.Configuration.settings.json";
    private const int DistanceMin = 2;
    private const int LettersPerMistake = 4;

    private static readonly Lazy<Index> Known = new(static () => new Index(Read()));

    /// <summary>How the list is written as JSON.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>All of them, by key.</summary>
    public static IReadOnlyList<Setting> All => Known.Value.Settings;

    /// <summary>The setting of that key; null when no program reads it. Letters' case says nothing.</summary>
    public static Setting? Find(string key)
    {
        var parts = key.Split(':');
        return Known.Value.BySection.TryGetValue(parts[0], out var section)
            ? Array.Find(section, setting => setting.Matches(parts))
            : null;
    }

    /// <summary>Whether a key stands in a section that is ours.</summary>
    public static bool IsOurs(string key) => Known.Value.BySection.ContainsKey(key.Split(':')[0]);

    /// <summary>
    /// Whether a key is one that holds others, such as <c>RateLimits</c> or <c>Cors:Origins</c>, which some sources
    /// list beside what they hold.
    /// </summary>
    public static bool IsFolder(string key)
    {
        var parts = key.Split(':');
        return Known.Value.BySection.TryGetValue(parts[0], out var section)
            && Array.Exists(section, setting => parts.Length < setting.Parts.Length
                && setting.Like(parts).StartsWith(key + ':', StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The key that was probably meant; null when none is near.</summary>
    public static string? Nearest(string key)
    {
        var parts = key.Split(':');
        var (nearest, distance) = All
            .Select(setting => setting.Like(parts))
            .Select(like => (like, distance: Distance(like.ToUpperInvariant(), key.ToUpperInvariant())))
            .MinBy(each => each.distance);
        return distance <= Math.Max(DistanceMin, key.Length / LettersPerMistake) ? nearest : null;
    }

    private static List<Setting> Read()
    {
        using var stream = typeof(SettingsCatalogue).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<List<Setting>>(stream, Json)!;
    }

    /// <summary>Letters to add, drop, change or swap with their neighbour to get from one to the other.</summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var change = rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[one.Length, other.Length];
    }

    private sealed class Index(List<Setting> settings)
    {
        public IReadOnlyList<Setting> Settings { get; } = settings;

        public Dictionary<string, Setting[]> BySection { get; } = settings
            .GroupBy(setting => setting.Parts[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
    }
}
