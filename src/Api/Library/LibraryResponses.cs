using System.Text.Json.Serialization;
using IndiiMusic.Api.Playlists;

namespace IndiiMusic.Api.Library;

/// <summary>A page of favourite tracks, last added first.</summary>
public sealed record FavouritesResponse(IReadOnlyList<FavouriteResponse> Items, string? NextCursor);

/// <summary>A favourite track.</summary>
public sealed record FavouriteResponse(Guid TrackId, DateTimeOffset AddedAt, EntryTrackResponse Track);

/// <summary>How the bodies of this slice are written, made at compile time.</summary>
[JsonSerializable(typeof(FavouritesResponse))]
public sealed partial class LibraryJson : JsonSerializerContext;
