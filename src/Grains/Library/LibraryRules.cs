using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Library;

/// <summary>What news of a role does to a library: pure.</summary>
internal static class LibraryRules
{
    /// <summary>Playlists without a role that are remembered, so that news which comes late is known as such.</summary>
    public const int FormerPlaylistsMax = 1_000;

    /// <summary>The library after the news; the same one when it is no news.</summary>
    public static LibraryState Note(
        LibraryState library, Guid playlistId, long version, PlaylistRole? role, DateTimeOffset now)
    {
        var items = library.Playlists;
        var index = IndexOf(items, playlistId);
        var known = index < 0 ? null : items[index];
        if (known?.Version >= version)
            return library;

        if (known is not null && (known.Role is null) == (role is null))
            return library with { Playlists = items.SetItem(index, known with { Version = version, Role = role }) };

        var rest = index < 0 ? items : items.RemoveAt(index);
        var order = items.IsEmpty ? 1 : items[^1].Order + 1;
        var added = rest.Add(new LibraryItem(order, playlistId, version, role, now));
        return library with { Playlists = Trim(added, role is null) };
    }

    /// <summary>
    /// The library without a playlist that was gone at a version; the same one when there is later news.
    /// </summary>
    public static LibraryState Forget(LibraryState library, Guid playlistId, long version, DateTimeOffset now)
    {
        var index = IndexOf(library.Playlists, playlistId);
        var known = index < 0 ? null : library.Playlists[index];
        if (known is not { Role: not null } || known.Version > version)
            return library;

        var gone = known with { Role = null, At = now };
        return library with { Playlists = Trim(library.Playlists.SetItem(index, gone), isFormer: true) };
    }

    /// <summary>Drops the oldest of a kind of which there is one too many.</summary>
    private static ImmutableArray<LibraryItem> Trim(ImmutableArray<LibraryItem> items, bool isFormer)
    {
        var countMax = isFormer ? FormerPlaylistsMax : LibraryLimits.PlaylistsMax;
        var count = 0;
        var oldest = -1;
        for (var i = items.Length - 1; i >= 0; i--)
        {
            if ((items[i].Role is null) == isFormer)
            {
                count++;
                oldest = i;
            }
        }

        return count > countMax ? items.RemoveAt(oldest) : items;
    }

    private static int IndexOf(ImmutableArray<LibraryItem> items, Guid playlistId)
    {
        for (var i = items.Length - 1; i >= 0; i--)
        {
            if (items[i].PlaylistId == playlistId)
                return i;
        }

        return -1;
    }
}
