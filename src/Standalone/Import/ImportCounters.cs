using System.Text.Json;
using Prometheus;

namespace IndiiMusic.Standalone.Import;

/// <summary>What became of one audio file.</summary>
internal enum FileOutcome
{
    Imported,
    AlreadyThere,
    Duplicate,
    Broken,
}

/// <summary>What an operator sees of imports that this process does.</summary>
internal static class ImportMetrics
{
    private static readonly Counter Files = Metrics.CreateCounter(
        "indiimusic_imported_files_total", "Audio files that were imported, by what became of them.", "outcome");

    private static readonly Counter.Child[] ByOutcome =
        [.. Enum.GetValues<FileOutcome>().Select(outcome => Files.WithLabels(WordOf(outcome)))];

    /// <summary>Makes all series, so that the first of an outcome is seen as a rise.</summary>
    public static void Prepare() => _ = ByOutcome.Length;

    /// <summary>A file is done with.</summary>
    public static void Done(FileOutcome outcome) => ByOutcome[(int)outcome].Inc();

    private static string WordOf(FileOutcome outcome) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());
}

/// <summary>Counts that several workers raise and the display reads.</summary>
internal sealed class ImportCounters(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly int[] _outcomes = new int[Enum.GetValues<FileOutcome>().Length];
    private long _bytesRead;
    private int _found = -1;

    public void Found(int files) => Volatile.Write(ref _found, files);

    public void Done(FileOutcome outcome, long bytesRead)
    {
        Interlocked.Add(ref _bytesRead, bytesRead);
        Interlocked.Increment(ref _outcomes[(int)outcome]);
        ImportMetrics.Done(outcome);
    }

    public ImportProgress Snapshot()
    {
        var found = Volatile.Read(ref _found);
        return new ImportProgress(
            found < 0 ? null : found,
            _outcomes.Sum(),
            _outcomes[(int)FileOutcome.Imported],
            _outcomes[(int)FileOutcome.AlreadyThere],
            _outcomes[(int)FileOutcome.Duplicate],
            _outcomes[(int)FileOutcome.Broken],
            Interlocked.Read(ref _bytesRead),
            time.GetElapsedTime(_start));
    }
}
