using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Standalone.Import;

/// <summary>
/// Brings a folder of music in: several files at a time, each on its own, so that one that fails stops none of the
/// others and an import that is cut short is simply started again. Runs where the silo runs.
/// </summary>
internal sealed class FolderImport(
    IGrainFactory grains,
    TrackIntake intake,
    IImportLedger ledger,
    IMediaProbe probe,
    AuditLog audit,
    TimeProvider time)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(250);

    // Reading tags is a process of its own, so that more workers than two still help on two cores.
    private static readonly int Workers = Math.Clamp(Environment.ProcessorCount, 2, 4);

    /// <summary>
    /// Imports; tells how far it is several times a second, and at the end what it did or why it stopped.
    /// </summary>
    public async IAsyncEnumerable<ImportEvent> RunAsync(
        ImportRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var counters = new ImportCounters(time);
        var import = Task.Run(() => ImportAsync(request, counters, cancellationToken), cancellationToken);
        using var timer = new PeriodicTimer(ReportInterval, time);
        while (!import.IsCompleted)
        {
            yield return new ImportEvent(Progress: counters.Snapshot());
            await Task.WhenAny(import, timer.WaitForNextTickAsync(CancellationToken.None).AsTask());
        }

        yield return await EndAsync(import);
    }

    private static async Task<ImportEvent> EndAsync(Task<ImportSummary> import)
    {
        try
        {
            return new ImportEvent(Summary: await import);
        }
        catch (Exception failure) when (failure
            is MediaToolMissingException or IndiiException or ObjectStoreUnavailableException or TimeoutException)
        {
            return new ImportEvent(Failure: failure.Message);
        }
    }

    private async Task<ImportSummary> ImportAsync(
        ImportRequest request, ImportCounters counters, CancellationToken cancellationToken)
    {
        await probe.RequireToolAsync(cancellationToken);
        var ownerId = request.Owner is null ? (Guid?)null : await FindOwnerAsync(request.Owner);
        if (!Directory.Exists(request.Folder))
            throw IndiiException.Invalid($"There is no folder {request.Folder}.");

        audit.Write(
            AuditAction.ImportStarted, AuditOutcome.Success, details: new AuditDetails { TargetUserId = ownerId });
        var scan = FolderScan.Of(request.Folder, cancellationToken);
        counters.Found(scan.Audio.Count);
        var problems = new ConcurrentQueue<ImportProblem>(scan.Problems);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(scan.Audio, options, async (file, stop) =>
        {
            var (outcome, reason) = await ImportFileAsync(file, ownerId, stop);
            if (reason is not null)
                problems.Enqueue(new ImportProblem(file.Path, reason));
            counters.Done(outcome, outcome == FileOutcome.AlreadyThere ? 0 : file.SizeBytes);
        });

        var playlists = await new PlaylistFilesImport(grains, ledger)
            .ImportAsync(scan.Playlists, ownerId, problems, cancellationToken);
        return new ImportSummary(
            counters.Snapshot(), [.. problems.OrderBy(problem => problem.Path, StringComparer.Ordinal)], playlists);
    }

    private async Task<(FileOutcome Outcome, string? Reason)> ImportFileAsync(
        ScannedFile file, Guid? ownerId, CancellationToken cancellationToken)
    {
        var known = new ImportedFile(file.Path, file.SizeBytes, file.ModifiedAt);
        if (await ledger.FindAsync(ownerId, known, cancellationToken) is not null)
            return (FileOutcome.AlreadyThere, null);
        try
        {
            var entered = await intake.TakeAsync(
                new IntakeFile(file.Path, ownerId, file.Path, file.ArtworkPath, TrackVisibility.Members),
                cancellationToken);
            await ledger.NoteAsync(ownerId, known, entered.Track.TrackId, cancellationToken);
            return (entered switch
            {
                { IsNew: true } => FileOutcome.Imported,
                { IsNewPath: true } => FileOutcome.Duplicate,
                _ => FileOutcome.AlreadyThere,
            }, null);
        }
        catch (Exception failure) when (failure is BrokenMediaException or IOException or UnauthorizedAccessException)
        {
            return (FileOutcome.Broken, failure.Message);
        }
    }

    private async Task<Guid> FindOwnerAsync(string username)
    {
        var claim = grains.GetGrain<IClaimGrain>(AccountRules.UsernameClaim(username));
        return await claim.FindHolder() is { } userId
            && await grains.GetGrain<IUserGrain>(userId).FindCard() is not null
            ? userId
            : throw IndiiException.Invalid($"There is no user called {username}; register first.");
    }
}
