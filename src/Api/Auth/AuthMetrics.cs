using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using Prometheus;

namespace IndiiMusic.Api.Auth;

/// <summary>What an operator sees of log-ins and sessions. No label says whose.</summary>
internal static class AuthMetrics
{
    private const string Succeeded = "succeeded";
    private const string WrongCredentials = "wrong_credentials";
    private const string SecondFactorRequired = "second_factor_required";
    private const string RateLimited = "rate_limited";
    private const string Failed = "failed";

    private static readonly Counter LogIns = Metrics.CreateCounter(
        "indiimusic_log_ins_total", "Log-ins, by what came of them.", "outcome");

    private static readonly Counter Refreshes = Metrics.CreateCounter(
        "indiimusic_session_refreshes_total",
        "Refresh tokens that were traded in, by what came of it; reused ones may have been stolen.",
        "outcome");

    /// <summary>Makes all series, so that the first of an outcome is seen as a rise.</summary>
    public static void Prepare()
    {
        foreach (var outcome in (string[])[Succeeded, WrongCredentials, SecondFactorRequired, RateLimited, Failed])
            LogIns.WithLabels(outcome);
        foreach (var outcome in Enum.GetValues<RefreshOutcome>())
            Refreshes.WithLabels(WordOf(outcome));
    }

    /// <summary>Runs a log-in and counts it.</summary>
    public static async Task<T> CountLogInAsync<T>(Func<Task<T>> logIn)
    {
        try
        {
            var answer = await logIn();
            LogIns.WithLabels(Succeeded).Inc();
            return answer;
        }
        catch (Exception failure)
        {
            LogIns.WithLabels(failure switch
            {
                IndiiException { Code: ErrorCode.InvalidCredentials } => WrongCredentials,
                IndiiException { Code: ErrorCode.SecondFactorRequired } => SecondFactorRequired,
                IndiiException { Code: ErrorCode.RateLimited } => RateLimited,
                _ => Failed,
            }).Inc();
            throw;
        }
    }

    /// <summary>A refresh token was traded in, or not.</summary>
    public static void Refreshed(RefreshOutcome outcome) => Refreshes.WithLabels(WordOf(outcome)).Inc();

    private static string WordOf(RefreshOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
