using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace IndiiMusic.Standalone.Import;

/// <summary>What to import.</summary>
/// <param name="Folder">The folder, as an absolute path.</param>
/// <param name="Owner">The user name of whom it will belong to; null for the library that all members share.</param>
public sealed record ImportRequest(string Folder, string? Owner);

/// <summary>What an import tells while it runs, and at its end. One member is set.</summary>
public sealed record ImportEvent(
    ImportProgress? Progress = null, ImportSummary? Summary = null, string? Failure = null);

/// <summary>How far an import is.</summary>
/// <param name="FilesFound">Audio files under the folder; null while it is being looked through.</param>
/// <param name="FilesDone">Audio files that are done with, whatever became of them.</param>
/// <param name="Imported">New tracks.</param>
/// <param name="AlreadyThere">Files that were imported before.</param>
/// <param name="Duplicates">Files whose bytes are those of another file's track.</param>
/// <param name="Broken">Files that could not be imported.</param>
/// <param name="BytesRead">Bytes of the files that had to be read.</param>
/// <param name="Elapsed">Time since the start.</param>
public sealed record ImportProgress(
    int? FilesFound,
    int FilesDone,
    int Imported,
    int AlreadyThere,
    int Duplicates,
    int Broken,
    long BytesRead,
    TimeSpan Elapsed);

/// <summary>What an import did.</summary>
/// <param name="Progress">The counts at the end.</param>
/// <param name="Problems">What could not be imported, and why.</param>
/// <param name="Playlists">What became of each playlist file.</param>
public sealed record ImportSummary(
    ImportProgress Progress,
    ImmutableArray<ImportProblem> Problems,
    ImmutableArray<ImportedPlaylist> Playlists);

/// <summary>A file that could not be imported.</summary>
public sealed record ImportProblem(string Path, string Reason);

/// <summary>What became of a playlist file.</summary>
public enum ImportedPlaylistOutcome
{
    /// <summary>A playlist was created of it.</summary>
    Created,

    /// <summary>It became a playlist at an earlier import.</summary>
    AlreadyThere,

    /// <summary>None of its entries is a track that is known here; no playlist was created.</summary>
    NothingMatched,
}

/// <summary>What became of a playlist file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">What the playlist is called.</param>
/// <param name="PlaylistId">The playlist; null where none was created.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Matched">Entries that were recognised, by how.</param>
/// <param name="Unmatched">Entries that were not recognised.</param>
/// <param name="UnmatchedExamples">The first of those, as the file has them.</param>
public sealed record ImportedPlaylist(
    string Path,
    string Name,
    Guid? PlaylistId,
    ImportedPlaylistOutcome Outcome,
    ImmutableSortedDictionary<string, int> Matched,
    int Unmatched,
    ImmutableArray<string> UnmatchedExamples)
{
    /// <summary>Unmatched entries that are listed.</summary>
    public const int ExamplesMax = 20;
}

/// <summary>The lines that an import through the control socket is asked and answered in.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportEvent))]
internal sealed partial class ImportJson : JsonSerializerContext;
