namespace IndiiMusic.Standalone.Import;

/// <summary>What became of one audio file.</summary>
internal enum FileOutcome
{
    Imported,
    AlreadyThere,
    Duplicate,
    Broken,
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
