using System.Text.Json.Serialization;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Grains.Interfaces.Catalog;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>What became of a playlist file that was sent.</summary>
/// <param name="Id">The playlist that was created.</param>
/// <param name="Playlist">The playlist.</param>
/// <param name="Matches">The entries that are tracks here, in the file's order.</param>
/// <param name="Unmatched">The entries that are not, in the file's order.</param>
public sealed record PlaylistImportResponse(
    Guid Id,
    PlaylistResponse Playlist,
    IReadOnlyList<MatchedEntryResponse> Matches,
    IReadOnlyList<UnmatchedEntryResponse> Unmatched);

/// <summary>An entry that was recognised.</summary>
/// <param name="Number">Its line in M3U, its number in the other formats.</param>
/// <param name="Title">What the file calls it: its title, else its location.</param>
/// <param name="How">How it was recognised.</param>
/// <param name="TrackId">The track that it stands for.</param>
public sealed record MatchedEntryResponse(int Number, string? Title, MatchKind How, Guid TrackId);

/// <summary>An entry that was not recognised.</summary>
public sealed record UnmatchedEntryResponse(int Number, string? Location, string? Artist, string? Title);

/// <summary>How the bodies of this slice are written, made at compile time.</summary>
[JsonSerializable(typeof(PlaylistImportResponse))]
public sealed partial class PlaylistFileJson : JsonSerializerContext;
