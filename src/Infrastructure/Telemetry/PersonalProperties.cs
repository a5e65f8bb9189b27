using Serilog.Core;
using Serilog.Events;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Puts hashes in the place of the ids of users and sessions, by the names of the properties that hold them. A test
/// holds that messages have no other names for them.
/// </summary>
internal sealed class PersonalProperties(LogPseudonyms pseudonyms) : ILogEventEnricher
{
    /// <summary>Names of properties that hold the id of a user or a session, or a name of a user.</summary>
    public static readonly IReadOnlyList<string> Names = ["UserId", "SessionId", "TargetUserId", "Claim"];

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, id) in OtherIds(logEvent))
            logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(id.ToString())));

        foreach (var name in Names)
        {
            if (logEvent.Properties.TryGetValue(name, out var value) && value is ScalarValue { Value: { } whose })
            {
                var hash = whose is Guid id ? pseudonyms.Of(id) : pseudonyms.Of(whose.ToString() ?? "");
                logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(hash)));
            }
        }
    }

    /// <summary>Serilog puts quotes round ids that are no strings.</summary>
    private static List<(string Name, Guid Id)> OtherIds(LogEvent logEvent)
    {
        List<(string, Guid)> found = [];
        foreach (var (name, value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: Guid id } && !Names.Contains(name, StringComparer.Ordinal))
                found.Add((name, id));
        }

        return found;
    }
}
