using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Bench.Load;

/// <summary>
/// Callers who edit one playlist by grain calls, one operation in each. They take out again what they put in, so that
/// the list stays as long as it is.
/// </summary>
internal sealed class PlaylistEditors
{
    private static readonly Actor Owner = Actor.User(Guid.CreateVersion7());

    private readonly IPlaylistGrain _playlist;
    private readonly int _entries;
    private readonly Caller[] _callers;

    private PlaylistEditors(IPlaylistGrain playlist, int entries, int callers)
    {
        _playlist = playlist;
        _entries = entries;
        _callers = [.. Enumerable.Range(0, callers).Select(static _ => new Caller())];
    }

    /// <summary>Makes a playlist of so many entries, for so many callers.</summary>
    public static async Task<PlaylistEditors> CreateAsync(IGrainFactory grains, int entries, int callers)
    {
        var playlist = grains.GetGrain<IPlaylistGrain>(Guid.CreateVersion7());
        await playlist.Create(Owner, new CreatePlaylist(
            "Bench", Description: null, PlaylistVisibility.Private, DuplicatePolicy.Allow, NewTracks(entries)));
        return new PlaylistEditors(playlist, entries, callers);
    }

    /// <summary>The playlist.</summary>
    public IPlaylistGrain Playlist => _playlist;

    /// <summary>Appends a track, or removes the one that the caller has appended.</summary>
    public async Task AppendOrRemoveAsync(int caller)
    {
        var own = _callers[caller];
        if (own.EntryId == 0)
        {
            own.EntryId = await ExecuteAsync(new AppendTracks(NewTracks(1)));
        }
        else
        {
            await ExecuteAsync(new RemoveEntries([own.EntryId]));
            own.EntryId = 0;
        }
    }

    /// <summary>Inserts a track at a random place, then moves it to another, then removes it.</summary>
    public async Task InsertMoveOrRemoveAsync(int caller)
    {
        var own = _callers[caller];
        if (own.EntryId == 0)
        {
            own.EntryId = await ExecuteAsync(new InsertTracks(NewTracks(1), RandomEntry(own)));
        }
        else if (!own.HasMoved)
        {
            await ExecuteAsync(new MoveEntries([own.EntryId], RandomEntry(own)));
            own.HasMoved = true;
        }
        else
        {
            await ExecuteAsync(new RemoveEntries([own.EntryId]));
            (own.EntryId, own.HasMoved) = (0, false);
        }
    }

    /// <summary>Moves random entries of the list, one in each operation.</summary>
    public Task MoveAsync(int operations) => ExecuteAsync([.. Enumerable.Range(0, operations).Select(_ =>
    {
        var own = _callers[0];
        var (moved, after) = (RandomEntry(own), RandomEntry(own));
        return new MoveEntries([moved], after == moved ? PlaylistOperation.Start : after);
    })]);

    /// <summary>Reads the versions, which is the least that makes the playlist active.</summary>
    public Task<PlaylistVersions> ReadVersionsAsync() => _playlist.GetVersions(Owner);

    // Entries are numbered from 1 in the order that they were added.
    private int RandomEntry(Caller own) => own.Random.Next(1, _entries + 1);

    private async Task<int> ExecuteAsync(params ImmutableArray<PlaylistOperation> operations)
    {
        var result = await _playlist.Execute(Owner, new PlaylistCommand(Guid.CreateVersion7().ToString(), operations));
        return result.Results[0].EntryIds is [var entryId, ..] ? entryId : 0;
    }

    private static ImmutableArray<Guid> NewTracks(int count) =>
        [.. Enumerable.Range(0, count).Select(static _ => Guid.CreateVersion7())];

    private sealed class Caller
    {
        public Random Random { get; } = new();

        public int EntryId { get; set; }

        public bool HasMoved { get; set; }
    }
}
