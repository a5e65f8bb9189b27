using System.Text.Json;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Features;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// Live editing. Calls of one connection are worked off one after the other, so that what a user does first also
/// happens first. Each fails with a message that holds <c>{"code","detail"}</c>.
/// </summary>
internal sealed class PlaylistHub(
    PlaylistRooms rooms,
    IGrainFactory grains,
    FeatureSwitches features,
    IOptions<JsonHubProtocolOptions> json) : Hub<IPlaylistClient>
{
    /// <summary>
    /// Watches a playlist: at once what came after a version (or a snapshot), then each version once and in order.
    /// Again with a version: an empty message says that all is well. Again without: a new snapshot.
    /// </summary>
    /// <param name="id">The playlist.</param>
    /// <param name="sinceVersion">The version that the client has; null for none.</param>
    [Requires(Permissions.ReadPlaylists)]
    public Task Join(string id, long? sinceVersion) =>
        rooms.JoinAsync(LiveConnection.Of(Context), PlaylistIdOf(id), sinceVersion);

    /// <summary>Applies a command, as <c>POST /playlists/{id}/operations</c> does; it needs no join.</summary>
    [Requires(Permissions.WritePlaylists)]
    public async Task<CommandResponse> Apply(string id, JsonElement command)
    {
        var playlistId = PlaylistIdOf(id);
        var request = Read<OperationsRequest>(command);
        var connection = LiveConnection.Of(Context);
        await features.RequireAsync(Feature.LiveEditing, connection.Actor);
        var result = await connection.Playlist(playlistId, grains).Execute(connection.Actor, request.ToCommand());
        rooms.Expect(playlistId, result.Versions.Version);
        return result.ToResponse();
    }

    /// <summary>Stops watching; no error when the client did not watch.</summary>
    [Requires(Permissions.ReadPlaylists)]
    public Task Leave(string id) => rooms.LeaveAsync(LiveConnection.Of(Context), PlaylistIdOf(id));

    /// <summary>Tells the others what the user looks at or does. Best effort.</summary>
    [Requires(Permissions.ReadPlaylists)]
    public Task SetPresence(string id, JsonElement focus)
    {
        var connection = LiveConnection.Of(Context);
        var room = connection.Find(PlaylistIdOf(id)) ?? throw IndiiException.Invalid("Join the playlist first.");
        var asked = Read<PresenceFocus>(focus);
        if (asked?.Action is not { Length: > 0 and <= PresenceFocus.ActionLettersMax } action
            || !action.All(char.IsAsciiLetter))
        {
            throw IndiiException.Invalid(
                $"action may be a word of 1 to {PresenceFocus.ActionLettersMax} letters, such as viewing or dragging.");
        }

        room.SetFocus(connection, asked);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception) =>
        rooms.LeaveAllAsync(LiveConnection.Of(Context));

    // Arguments are read here and not by SignalR, whose own message for one that cannot be read has no code.
    private T? Read<T>(JsonElement argument)
    {
        try
        {
            return argument.Deserialize<T>(json.Value.PayloadSerializerOptions);
        }
        catch (JsonException unreadable)
        {
            throw new BadHttpRequestException(unreadable.Message, unreadable);
        }
    }

    private static Guid PlaylistIdOf(string? id) =>
        Guid.TryParseExact(id, "D", out var playlistId) ? playlistId : throw IndiiException.NotFound("playlist");
}
