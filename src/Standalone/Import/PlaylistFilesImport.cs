using System.Collections.Concurrent;
using System.Collections.Immutable;
using IndiiMusic.Api.PlaylistFiles;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Standalone.Import;

/// <summary>
/// Makes playlists of the playlist files that lie among the music. A file becomes a playlist once: its id follows from
/// its path, and what people do with the playlist afterwards is theirs.
/// </summary>
internal sealed class PlaylistFilesImport(IGrainFactory grains, IImportLedger ledger)
{
    public async Task<ImmutableArray<ImportedPlaylist>> ImportAsync(
        IReadOnlyList<ScannedFile> files,
        Guid? ownerId,
        ConcurrentQueue<ImportProblem> problems,
        CancellationToken cancellationToken)
    {
        if (files.Count == 0)
            return [];
        var userId = ownerId ?? await FindDefaultOwnerAsync();
        var playlists = ImmutableArray.CreateBuilder<ImportedPlaylist>();
        foreach (var file in files)
        {
            try
            {
                playlists.Add(await ImportFileAsync(file, ownerId, userId, cancellationToken));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
                or IndiiException { Code: not (ErrorCode.StorageUnavailable or ErrorCode.WriteConflict) })
            {
                problems.Enqueue(new ImportProblem(file.Path, failure.Message));
            }
        }

        return playlists.ToImmutable();
    }

    private async Task<ImportedPlaylist> ImportFileAsync(
        ScannedFile file, Guid? ownerId, Guid userId, CancellationToken cancellationToken)
    {
        var playlistId = NameBasedId.Of("playlist-file", $"{userId:D}|{file.Path}");
        var fileName = Path.GetFileNameWithoutExtension(file.Path);
        if (await ledger.IsKnownAsync(ownerId, file.Path, cancellationToken))
            return Report(fileName, playlistId, ImportedPlaylistOutcome.AlreadyThere, PlaylistFileMatches.None);

        await using var content = File.OpenRead(file.Path);
        var playlist = await PlaylistFileReader.ReadAsync(content, file.Path, cancellationToken);
        var name = PlaylistFileMatches.NameOf(playlist, fileName);
        var matches = await PlaylistFileMatches.FindAsync(
            grains,
            Actor.User(userId),
            playlist,
            PlaylistFileReader.FormatOf(file.Path),
            Path.GetDirectoryName(file.Path),
            cancellationToken);
        if (matches.TrackIds.IsEmpty)
            return Report(name, null, ImportedPlaylistOutcome.NothingMatched, matches);

        var outcome = await CreateAsync(playlistId, userId, name, matches.TrackIds);
        await ledger.NoteAsync(
            ownerId, new ImportedFile(file.Path, file.SizeBytes, file.ModifiedAt), playlistId, cancellationToken);
        return Report(name, playlistId, outcome, matches);

        ImportedPlaylist Report(
            string name, Guid? id, ImportedPlaylistOutcome outcome, PlaylistFileMatches matches) => new(
            file.Path,
            name,
            id,
            outcome,
            matches.CountsByKind(),
            matches.Unmatched.Length,
            [.. matches.Unmatched.Take(ImportedPlaylist.ExamplesMax).Select(PlaylistFileMatches.Describe)]);
    }

    private async Task<ImportedPlaylistOutcome> CreateAsync(
        Guid playlistId, Guid userId, string name, ImmutableArray<Guid> trackIds)
    {
        // The library's own playlists would be nobody's to see if they were private.
        var visibility = userId == WellKnownUsers.Library ? PlaylistVisibility.Public : PlaylistVisibility.Private;
        try
        {
            await grains.GetGrain<IPlaylistGrain>(playlistId).Create(
                Actor.User(userId),
                new CreatePlaylist(name, Description: null, visibility, DuplicatePolicy.Allow, trackIds));
            return ImportedPlaylistOutcome.Created;
        }
        catch (IndiiException failure) when (failure.Code is ErrorCode.AlreadyExists)
        {
            // An earlier import created it and ended before it could note so.
            return ImportedPlaylistOutcome.AlreadyThere;
        }
    }

    private async Task<Guid> FindDefaultOwnerAsync()
    {
        var first = await grains.GetGrain<IClaimGrain>(IClaimGrain.FirstAccountKey).FindHolder();
        return first is { } userId && await grains.GetGrain<IUserGrain>(userId).FindCard() is not null
            ? userId
            : WellKnownUsers.Library;
    }
}
