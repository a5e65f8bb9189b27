using System.Collections.Concurrent;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// The journals of this process's active playlists. Other threads read <see cref="PlaylistJournal.Durable"/> alone: one
/// reference to a state that never changes, which is replaced before anybody is told that a write succeeded.
/// </summary>
internal sealed class LocalPlaylists : ILocalPlaylists
{
    private readonly ConcurrentDictionary<Guid, PlaylistJournal> _active = new();

    /// <inheritdoc/>
    public PlaylistVersions? FindVersions(Guid playlistId, Actor actor)
    {
        if (!_active.TryGetValue(playlistId, out var journal))
        {
            return null;
        }

        var state = journal.Durable;
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.Read);
        return state.Versions;
    }

    /// <summary>Lets a playlist be read from here, once its journal is loaded.</summary>
    public void Show(Guid playlistId, PlaylistJournal journal) => _active[playlistId] = journal;

    /// <summary>Lets it be read here no more, unless a later activation shows it already.</summary>
    public void Hide(Guid playlistId, PlaylistJournal journal) =>
        _active.TryRemove(KeyValuePair.Create(playlistId, journal));
}
