using Prometheus;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>What live settings tell Prometheus.</summary>
internal static class LiveSettingsMetrics
{
    private static readonly GaugeConfiguration OnlyOnceSet = new() { SuppressInitialValue = true };

    public static readonly Counter Changes = Metrics.CreateCounter(
        "indiimusic_settings_changes_total",
        "Changes of live settings that were taken over (applied) or kept out (refused), by outcome.",
        "outcome");

    public static readonly Gauge Refused = Metrics.CreateGauge(
        "indiimusic_settings_refused",
        "1 while the store of live settings holds something that is refused.",
        OnlyOnceSet);

    public static readonly Gauge Keys = Metrics.CreateGauge(
        "indiimusic_settings_live_keys",
        "Settings that are taken from the store of live settings.",
        OnlyOnceSet);

    public static readonly Gauge AppliedAt = Metrics.CreateGauge(
        "indiimusic_settings_applied_timestamp_seconds",
        "When live settings were taken over the last time.",
        OnlyOnceSet);

    public static readonly Gauge HeardAt = Metrics.CreateGauge(
        "indiimusic_settings_heard_timestamp_seconds",
        "When the store of live settings answered the last time.",
        OnlyOnceSet);

    /// <summary>Makes all series, so that the first of an outcome is seen as a rise.</summary>
    public static void Prepare()
    {
        Changes.WithLabels("applied");
        Changes.WithLabels("refused");
    }
}
