using System.Globalization;
using Spectre.Console;

namespace IndiiMusic.Standalone.Import;

/// <summary>
/// Shows an import to the person who started it: a bar on a terminal, a line every few seconds elsewhere, and at the
/// end what came of it.
/// </summary>
internal sealed class ImportDisplay(IAnsiConsole console)
{
    private const int ProblemsShownMax = 1_000;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(3);

    /// <summary>Shows events until the last.</summary>
    /// <returns>The exit code: 1 when nothing could be done.</returns>
    public async Task<int> ShowAsync(IAsyncEnumerable<ImportEvent> events)
    {
        var last = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? await ShowBarAsync(events)
            : await ShowLinesAsync(events);
        switch (last)
        {
            case { Summary: { } summary }:
                Show(summary);
                return summary.Progress is { FilesFound: > 0 } done && done.Broken == done.FilesFound ? 1 : 0;
            case { Failure: { } failure }:
                await Console.Error.WriteLineAsync($"The import stopped: {failure}");
                return 1;
            default:
                await Console.Error.WriteLineAsync(
                    "The server ended before the import did. Start it and run the same command again to go on.");
                return 1;
        }
    }

    private async Task<ImportEvent?> ShowBarAsync(IAsyncEnumerable<ImportEvent> events)
    {
        ImportEvent? last = null;
        await console.Progress()
            .Columns(
                new ProgressBarColumn(),
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async bar =>
            {
                var task = bar.AddTask("looking through the folder", maxValue: 1);
                task.IsIndeterminate = true;
                await foreach (var happened in events)
                {
                    last = happened;
                    if ((happened.Progress ?? happened.Summary?.Progress) is not { FilesFound: { } found } progress)
                        continue;
                    task.IsIndeterminate = false;
                    task.MaxValue = Math.Max(found, 1);
                    task.Value = found == 0 ? 1 : progress.FilesDone;
                    task.Description = Markup.Escape(Describe(progress));
                }
            });
        return last;
    }

    private static async Task<ImportEvent?> ShowLinesAsync(IAsyncEnumerable<ImportEvent> events)
    {
        ImportEvent? last = null;
        var shownAt = TimeSpan.Zero;
        await foreach (var happened in events)
        {
            last = happened;
            if (happened.Progress is not { } progress || progress.Elapsed - shownAt < LineInterval)
                continue;
            shownAt = progress.Elapsed;
            Console.WriteLine(Describe(progress));
        }

        return last;
    }

    private static string Describe(ImportProgress progress)
    {
        if (progress.FilesFound is not { } found)
            return "looking through the folder";
        var perSecond = progress.FilesDone / Math.Max(progress.Elapsed.TotalSeconds, 0.001);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{progress.FilesDone} of {found} files, {perSecond:0.#} files/s");
        if (progress.FilesDone > 0 && progress.FilesDone < found)
            text += $", {Duration(TimeSpan.FromSeconds((found - progress.FilesDone) / perSecond))} left";
        return progress.Broken > 0 ? $"{text}, {progress.Broken} broken" : text;
    }

    private static void Show(ImportSummary summary)
    {
        var progress = summary.Progress;
        Console.WriteLine($"""
            Imported {progress.Imported} of {progress.FilesFound} files in {Duration(progress.Elapsed)}.
              already there  {progress.AlreadyThere}
              duplicates     {progress.Duplicates}
              broken         {progress.Broken}
            """);
        foreach (var playlist in summary.Playlists)
            Show(playlist);
        if (summary.Problems.Length == 0)
            return;
        Console.WriteLine("Could not be imported:");
        foreach (var problem in summary.Problems.Take(ProblemsShownMax))
            Console.WriteLine($"  {Printable(problem.Path)}: {Printable(problem.Reason)}");
        if (summary.Problems.Length > ProblemsShownMax)
            Console.WriteLine($"  and {summary.Problems.Length - ProblemsShownMax} more");
    }

    private static void Show(ImportedPlaylist playlist)
    {
        var matched = playlist.Matched.Values.Sum();
        var how = string.Join(", ", playlist.Matched.Select(way => $"{way.Value} by {way.Key}"));
        Console.WriteLine(playlist.Outcome switch
        {
            ImportedPlaylistOutcome.AlreadyThere => $"Playlist {Printable(playlist.Name)}: already there.",
            ImportedPlaylistOutcome.NothingMatched =>
                $"Playlist {Printable(playlist.Name)}: none of its {playlist.Unmatched} entries is known here.",
            _ => $"Playlist {Printable(playlist.Name)}: created, {matched} entries matched"
                + $"{(how.Length == 0 ? "" : $" ({how})")}, {playlist.Unmatched} not.",
        });
        foreach (var example in playlist.UnmatchedExamples)
            Console.WriteLine($"  not matched: {Printable(example)}");
        if (playlist.Unmatched > playlist.UnmatchedExamples.Length)
            Console.WriteLine($"  and {playlist.Unmatched - playlist.UnmatchedExamples.Length} more");
    }

    // Names come from files: what would move the cursor or change colours must not reach the terminal.
    private static string Printable(string text) =>
        new([.. text.Select(character => char.IsControl(character) ? '?' : character)]);

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        { TotalMinutes: >= 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
    };
}
