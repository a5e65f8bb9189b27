using System.Text.Json.Serialization;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// How the bodies of this slice are read and written, made at compile time. Names of members and enums follow
/// <see cref="Json.JsonHosting.Configure"/>, which REST and the hub share.
/// </summary>
[JsonSerializable(typeof(CreatePlaylistRequest))]
[JsonSerializable(typeof(ChangeDetailsRequest))]
[JsonSerializable(typeof(OperationsRequest))]
[JsonSerializable(typeof(ReplaceEntriesRequest))]
[JsonSerializable(typeof(UndoRequest))]
[JsonSerializable(typeof(RevertRequest))]
[JsonSerializable(typeof(ForkRequest))]
[JsonSerializable(typeof(CollaboratorRequest))]
[JsonSerializable(typeof(InviteRequest))]
[JsonSerializable(typeof(PlaylistsResponse))]
[JsonSerializable(typeof(EntriesResponse))]
[JsonSerializable(typeof(CommandResponse))]
[JsonSerializable(typeof(HistoryResponse))]
[JsonSerializable(typeof(DiffResponse))]
[JsonSerializable(typeof(ChangesResponse))]
[JsonSerializable(typeof(CatchUpResponse))]
[JsonSerializable(typeof(CollaboratorsResponse))]
[JsonSerializable(typeof(InvitesResponse))]
[JsonSerializable(typeof(InviteAcceptanceResponse))]
[JsonSerializable(typeof(JoinRequestsResponse))]
[JsonSerializable(typeof(SuggestionsResponse))]
public sealed partial class PlaylistJson : JsonSerializerContext;
