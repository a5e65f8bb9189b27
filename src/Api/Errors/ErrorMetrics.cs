using System.Collections.Frozen;
using Prometheus;

namespace IndiiMusic.Api.Errors;

/// <summary>What an operator sees of errors: by the stable code, whatever the route.</summary>
internal static class ErrorMetrics
{
    private static readonly Counter Errors = Metrics.CreateCounter(
        "indiimusic_request_errors_total",
        "Requests and hub calls that were answered with an error, by its stable code.",
        "via",
        "code");

    private static readonly FrozenDictionary<ErrorCode, Counter.Child> OverRest = All("rest");
    private static readonly FrozenDictionary<ErrorCode, Counter.Child> OverHub = All("hub");

    /// <summary>A request was answered with a problem document.</summary>
    public static void AnsweredOverRest(ErrorCode code) => OverRest[code].Inc();

    /// <summary>A call over the hub was answered with an error.</summary>
    public static void AnsweredOverHub(ErrorCode code) => OverHub[code].Inc();

    /// <summary>Makes all series, so that the first error is seen as a rise.</summary>
    public static void Prepare() => _ = OverRest.Count + OverHub.Count;

    private static FrozenDictionary<ErrorCode, Counter.Child> All(string via) => Enum.GetValues<ErrorCode>()
        .ToFrozenDictionary(code => code, code => Errors.WithLabels(via, ProblemKinds.Of(code).WireCode));
}
