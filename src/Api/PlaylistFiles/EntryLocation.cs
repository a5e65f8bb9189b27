using System.Text.RegularExpressions;
using IndiiMusic.Grains.Interfaces.Catalog;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>What an entry's location means: a file of this machine or another, or a track of this server.</summary>
public static partial class EntryLocation
{
    /// <summary>An entry as the catalog is asked for it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isUri">
    /// Whether its format writes locations as URIs, in which characters are percent-encoded.
    /// </param>
    /// <param name="folder">
    /// The folder that relative paths start from; null when the file was sent from elsewhere.
    /// </param>
    public static WantedTrack Wanted(PlaylistFileEntry entry, bool isUri, string? folder)
    {
        var location = entry.Location ?? "";
        var trackId = TrackIdOf(location);
        return new WantedTrack(
            trackId is null ? PathOf(location, isUri, folder) : null,
            entry.RecordingId,
            entry.Artist,
            entry.Title,
            trackId);
    }

    /// <summary>Whether a format writes locations as URIs.</summary>
    public static bool IsUri(PlaylistFileFormat? format) =>
        format is PlaylistFileFormat.Xspf or PlaylistFileFormat.Jspf;

    /// <summary>The recording that an identifier such as <c>https://musicbrainz.org/recording/…</c> names.</summary>
    public static Guid? RecordingIdOf(string? identifier)
    {
        var match = Recording().Match(identifier ?? "");
        return match.Success ? Guid.Parse(match.Groups["id"].Value) : null;
    }

    private static Guid? TrackIdOf(string location)
    {
        var match = OwnTrack().Match(location);
        return match.Success ? Guid.Parse(match.Groups["id"].Value) : null;
    }

    private static string? PathOf(string location, bool isUri, string? folder)
    {
        if (location.Length == 0)
            return null;
        if (location.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return FromFileUri(location);
        if (Scheme().IsMatch(location))
            return null;
        var path = isUri ? Uri.UnescapeDataString(location) : location;

        // A file that came from Windows says folder\file; a slash anywhere tells that a backslash is part of a name.
        var isWindows = DriveOrShare().IsMatch(path);
        if (isWindows || !path.Contains('/'))
            path = path.Replace('\\', '/');
        return folder is null || isWindows ? path : Path.GetFullPath(path, folder);
    }

    private static string FromFileUri(string location)
    {
        var path = Uri.UnescapeDataString(location["file:".Length..]);
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            // What stands between the second and the third slash is a host, and for a local file nothing.
            var slash = path.IndexOf('/', 2);
            path = slash < 0 ? path[2..] : path[slash..];
        }

        return WindowsRoot().IsMatch(path) ? path[1..].Replace('\\', '/') : path;
    }

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const string UuidPattern = "(?<id>[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";

    [GeneratedRegex(
        "musicbrainz\\.org/(ws/2/)?(recording|track)/" + UuidPattern, Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Recording();

    [GeneratedRegex("/api/v1/tracks/" + UuidPattern + "(/audio)?([?#].*)?$", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnTrack();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9+.-]+://", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^([a-zA-Z]:[\\/]|\\\\)", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DriveOrShare();

    [GeneratedRegex(@"^/[a-zA-Z]:[\\/]", Plain, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WindowsRoot();
}
