using IndiiMusic.Api.Auth;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Infrastructure.Configuration;
using IndiiMusic.Infrastructure.Features;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Registration;
using IndiiMusic.Silo.Clustering;
using IndiiMusic.Silo.Storage;
using IndiiMusic.Silo.Streams;

namespace IndiiMusic.Deployment.Tests.Settings;

/// <summary>The keys that no options class holds: the programs, Orleans or ASP.NET read them by themselves.</summary>
internal static class DirectSettings
{
    private static readonly string[] Silo = ["silo", "standalone"];
    private static readonly string[] Gateway = ["gateway", "standalone"];
    private static readonly string[] All = ["silo", "gateway", "standalone"];
    private static readonly string[] Cluster = ["silo", "gateway"];

    public static IEnumerable<Setting> Read() =>
    [
        Choice<ClusteringProvider>("Clustering", All, "How silos and gateways find one another; a gateway: Consul only."),
        Choice<StorageProvider>("Storage", Silo, "What keeps events, grain state, reminders and the catalog."),
        Choice<StreamsProvider>("Streams", Silo, "What carries events to those who follow them."),
        Choice<ObjectsProvider>("Objects", All, "Where audio, artwork and avatars lie."),
        Choice<CacheProvider>("Cache", Gateway, "Whether gateways share a second-level cache."),
        Choice<RateLimitsProvider>("RateLimits", Gateway, "Whether each gateway counts by itself or all together."),
        Choice<SessionsProvider>("Sessions", Gateway, "Whether gateways tell each other of ended sessions."),
        Choice<RegistrationProvider>("Registration", Cluster, "Whether the process is listed as a service in Consul."),
        Choice<LiveSettingsProvider>(
            "LiveSettings", All, "Where settings stand that change while the program runs."),
        .. Features(),
        Text("Cluster:ClusterId", "indiimusic", Cluster, "Silos and gateways of one cluster have the same."),
        Text(
            "Cluster:ServiceId", "indiimusic", Cluster,
            "Part of what storage and queues are keyed by: the same for all, and it never changes."),
        new("Dashboard:Enabled", SettingKind.Switch, "false", null, null, null, SettingChange.StartOnly, false, Silo,
            "Orleans's dashboard at `/dashboard` of a silo's management port, for whoever can reach that port."),
        Text(
            "Data:Path", "data", ["standalone"],
            "The folder that holds everything. Also `INDIIMUSIC_DATA` and `--data`; run.sh puts it beside itself."),
        Text(
            "Control:SocketPath", "control.sock in the data folder", ["standalone"],
            "The socket over which the import command hands its work to the server. Not to be changed."),
        Text("Kestrel:Endpoints:Http:Url", null, Gateway, "Where the gateway listens."),
        Text("Kestrel:Endpoints:Management:Url", null, All, "Where health and `/metrics` are answered."),
        Text(
            "Kestrel:Endpoints:<name>:Certificate:Path", null, All,
            "A certificate in PEM or PFX, for an address that begins with https."),
        Text("Kestrel:Endpoints:<name>:Certificate:KeyPath", null, All, "The certificate's private key in PEM."),
        Text("Kestrel:Endpoints:<name>:Certificate:Password", null, All, "What the key is encrypted with.") with
        {
            IsSecret = true,
        },
        Text("Kestrel:<setting...>", null, All, "Whatever else Kestrel's own configuration knows.") with
        {
            IsSecret = true,
        },
        new("Logging:LogLevel:<category>", SettingKind.Choice, null, null, null,
            Enum.GetNames<Microsoft.Extensions.Logging.LogLevel>(), SettingChange.Live, false, All,
            "From which level on a category is logged; `Default` for those that are not named. "
            + "`IndiiMusic.Api.Telemetry` at Debug logs each request."),
        new("Logging:<provider>:LogLevel:<category>", SettingKind.Choice, null, null, null,
            Enum.GetNames<Microsoft.Extensions.Logging.LogLevel>(), SettingChange.Live, false, All,
            "The same for one log provider alone."),
    ];

    private static IEnumerable<Setting> Features()
    {
        foreach (var feature in Enum.GetNames<Feature>())
        {
            yield return new(
                $"{FeatureSettings.Section}:{feature}", SettingKind.Switch, "true", null, null, null, SettingChange.Live,
                false, Gateway, OptionsComments.OfFeature(feature));
            yield return new(
                $"{FeatureSettings.Section}:{feature}:<setting...>", SettingKind.Text, null, null, null, null,
                SettingChange.Live, false, Gateway,
                "`EnabledFor` and `RequirementType`, in place of a value: for whom it is on.");
        }

        yield return new(
            $"{FeatureSettings.GroupsSection}:<name>:<n>", SettingKind.Text, null, null, null, null, SettingChange.Live,
            false, Gateway, "A user of a group that features can be on for: the id, or the username.");
    }

    private static Setting Text(string key, string? byDefault, string[] programs, string description) => new(
        key, SettingKind.Text, byDefault, null, null, null, SettingChange.StartOnly, false, programs, description);

    private static Setting Choice<T>(string concern, string[] programs, string description)
        where T : struct, Enum => new(
            $"{concern}:Provider", SettingKind.Choice, Enum.GetNames<T>()[0], null, null, Enum.GetNames<T>(),
            SettingChange.StartOnly, false, programs, description);
}
