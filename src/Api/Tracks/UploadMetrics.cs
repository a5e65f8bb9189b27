using IndiiMusic.Api.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using Prometheus;

namespace IndiiMusic.Api.Tracks;

/// <summary>What an operator sees of uploads.</summary>
internal static class UploadMetrics
{
    private const string Taken = "taken";
    private const string Duplicate = "duplicate";
    private const string Refused = "refused";
    private const string Failed = "failed";

    private static readonly Counter Uploads = Metrics.CreateCounter(
        "indiimusic_uploads_total",
        "Uploaded audio files, by what came of them: refused because of the file, or failed on our side.",
        "outcome");

    /// <summary>Makes all series, so that the first of an outcome is seen as a rise.</summary>
    public static void Prepare()
    {
        foreach (var outcome in (string[])[Taken, Duplicate, Refused, Failed])
            Uploads.WithLabels(outcome);
    }

    /// <summary>Runs an upload and counts it.</summary>
    public static async Task<TrackEntered> CountAsync(Func<Task<TrackEntered>> upload)
    {
        try
        {
            var entered = await upload();
            Uploads.WithLabels(entered.IsNew ? Taken : Duplicate).Inc();
            return entered;
        }
        catch (Exception failure)
        {
            // Who hangs up in the middle has refused himself.
            var isOurs = failure is not OperationCanceledException && Failure.Of(failure).IsOurs;
            Uploads.WithLabels(isOurs ? Failed : Refused).Inc();
            throw;
        }
    }
}
