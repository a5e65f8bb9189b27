namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Where live settings stand.</summary>
internal interface ILiveSettingsStore
{
    /// <summary>What it is called in messages, such as <c>indiimusic/settings in Consul at http://...</c>.</summary>
    string Place { get; }

    /// <summary>
    /// Reads all settings: at once when <paramref name="last"/> is null, and else when they may have changed since, or
    /// after a while that the store chooses.
    /// </summary>
    /// <param name="last">What was read before, if nothing went wrong since.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LiveSettingsAwayException">The store does not answer.</exception>
    Task<LiveSettingsReading> ReadAsync(LiveSettingsReading? last, CancellationToken cancellationToken);
}

/// <summary>What a store held at one moment.</summary>
/// <param name="Position">Where the store goes on from; its own affair.</param>
/// <param name="Values">The settings by key, with <c>:</c> between its parts.</param>
/// <param name="Problems">Why what it holds cannot be read as settings; a line each.</param>
internal sealed record LiveSettingsReading(
    ulong Position, IReadOnlyDictionary<string, string?> Values, IReadOnlyList<string> Problems)
{
    /// <summary>Whether another reading brought the same.</summary>
    public bool HoldsTheSameAs(LiveSettingsReading? other) =>
        other is not null
        && (ReferenceEquals(Values, other.Values)
            || (Values.Count == other.Values.Count && Values.All(pair => HasTheSame(pair, other.Values))))
        && Problems.SequenceEqual(other.Problems, StringComparer.Ordinal);

    private static bool HasTheSame(KeyValuePair<string, string?> pair, IReadOnlyDictionary<string, string?> others) =>
        others.TryGetValue(pair.Key, out var value) && string.Equals(value, pair.Value, StringComparison.Ordinal);
}

/// <summary>The store of live settings does not answer now.</summary>
internal sealed class LiveSettingsAwayException(string message, Exception cause) : Exception(message, cause);
