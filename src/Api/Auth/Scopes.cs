using IndiiMusic.Grains.Interfaces;

namespace IndiiMusic.Api.Auth;

/// <summary>Permissions as they stand in a token's <c>scope</c>: words with spaces between (RFC 8693).</summary>
internal static class Scopes
{
    private static readonly (Permissions Permission, string Word)[] Words =
    [
        (Permissions.ReadPlaylists, "playlists:read"),
        (Permissions.WritePlaylists, "playlists:write"),
        (Permissions.ReadTracks, "tracks:read"),
        (Permissions.WriteTracks, "tracks:write"),
    ];

    public static string Format(Permissions permissions) =>
        string.Join(' ', Words.Where(entry => permissions.HasFlag(entry.Permission)).Select(entry => entry.Word));

    /// <summary>Reads a scope; words that are not known allow nothing.</summary>
    public static Permissions Parse(string? scope)
    {
        var words = (scope ?? "").Split(' ');
        return Words.Where(entry => words.Contains(entry.Word, StringComparer.Ordinal))
            .Aggregate(Permissions.None, (permissions, entry) => permissions | entry.Permission);
    }
}
