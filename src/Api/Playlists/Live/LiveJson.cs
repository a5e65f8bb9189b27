using System.Text.Json;
using System.Text.Json.Serialization;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>How the hub's calls are read and written, made at compile time. Its commands are those of REST.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PresenceFocus))]
[JsonSerializable(typeof(ChangedMessage))]
[JsonSerializable(typeof(SnapshotResponse))]
[JsonSerializable(typeof(PresenceMessage))]
[JsonSerializable(typeof(ClosedMessage))]
[JsonSerializable(typeof(HubError))]
internal sealed partial class LiveJson : JsonSerializerContext;
