using IndiiMusic.Api.PlaylistFiles;

namespace IndiiMusic.Standalone.Import;

/// <summary>A file that was found.</summary>
/// <param name="Path">Where it lies, absolute.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="ModifiedAt">When it was last written.</param>
/// <param name="ArtworkPath">A picture in the same folder that is named as covers are.</param>
internal sealed record ScannedFile(string Path, long SizeBytes, DateTimeOffset ModifiedAt, string? ArtworkPath);

/// <summary>
/// Finds music and playlists under a folder. Hidden files and folders are passed over; symbolic links are followed,
/// each folder once, so that links in a circle end.
/// </summary>
internal sealed class FolderScan
{
    private static readonly string[] ArtworkNames = ["cover", "folder", "front", "album"];

    private static readonly HashSet<string> AudioExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".wav", ".aiff", ".aif",
    };

    private static readonly HashSet<string> PictureExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".webp",
    };

    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);

    /// <summary>The music, ordered by path.</summary>
    public List<ScannedFile> Audio { get; } = [];

    /// <summary>The playlist files, ordered by path.</summary>
    public List<ScannedFile> Playlists { get; } = [];

    /// <summary>What could not be looked at, and why.</summary>
    public List<ImportProblem> Problems { get; } = [];

    /// <summary>Walks a folder and all below it.</summary>
    public static FolderScan Of(string folder, CancellationToken cancellationToken)
    {
        var scan = new FolderScan();
        var waiting = new Stack<DirectoryInfo>([new DirectoryInfo(Path.GetFullPath(folder))]);
        while (waiting.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scan.Enter(next, waiting);
        }

        scan.Audio.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        scan.Playlists.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return scan;
    }

    private void Enter(DirectoryInfo folder, Stack<DirectoryInfo> waiting)
    {
        try
        {
            if (!_visited.Add((folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName))
                return;
            var entries = folder.GetFileSystemInfos();
            var artworkPath = FindArtwork(entries);
            foreach (var entry in entries.Where(entry => !entry.Attributes.HasFlag(FileAttributes.Hidden)))
            {
                if (entry is DirectoryInfo subfolder)
                    waiting.Push(subfolder);
                else
                    Take(entry, artworkPath);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Problems.Add(new ImportProblem(folder.FullName, failure.Message));
        }
    }

    private void Take(FileSystemInfo entry, string? artworkPath)
    {
        var isAudio = AudioExtensions.Contains(entry.Extension);
        if (!isAudio && PlaylistFileReader.FormatOf(entry.Name) is null)
            return;
        try
        {
            var file = (FileInfo)(entry.ResolveLinkTarget(returnFinalTarget: true) ?? entry);
            (isAudio ? Audio : Playlists).Add(
                new ScannedFile(entry.FullName, file.Length, new DateTimeOffset(file.LastWriteTimeUtc), artworkPath));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Problems.Add(new ImportProblem(entry.FullName, failure.Message));
        }
    }

    private static string? FindArtwork(FileSystemInfo[] entries) => entries
        .Where(entry => entry is FileInfo && PictureExtensions.Contains(entry.Extension))
        .Select(entry => (entry.FullName, Rank: RankOf(entry.Name)))
        .Where(picture => picture.Rank >= 0)
        .OrderBy(picture => picture.Rank)
        .ThenBy(picture => picture.FullName, StringComparer.Ordinal)
        .Select(picture => picture.FullName)
        .FirstOrDefault();

    private static int RankOf(string fileName) =>
        Array.IndexOf(ArtworkNames, Path.GetFileNameWithoutExtension(fileName).ToLowerInvariant());
}
