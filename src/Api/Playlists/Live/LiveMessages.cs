using System.Text.Json;
using System.Text.Json.Serialization;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>What the hub calls on its clients.</summary>
public interface IPlaylistClient
{
    /// <summary>Consecutive versions of one playlist. Empty at a join that found nothing missing.</summary>
    Task Changed(ChangedMessage changes);

    /// <summary>The playlist as it is, for a client that has none or too old a version.</summary>
    Task Snapshot(SnapshotResponse view);

    /// <summary>Who is there now.</summary>
    Task PresenceChanged(PresenceMessage presence);

    /// <summary>The client is out of a playlist and hears nothing more of it.</summary>
    Task Closed(ClosedMessage closed);
}

/// <summary>As <see cref="ChangesResponse"/>, with the playlist. The changes are written already.</summary>
[JsonConverter(typeof(ChangedMessageConverter))]
public sealed record ChangedMessage(
    Guid PlaylistId,
    long Version,
    long ContentVersion,
    long DetailsVersion,
    IReadOnlyList<ReadOnlyMemory<byte>> Changes);

/// <summary>Why a client is out of a playlist.</summary>
public enum ClosedReason
{
    /// <summary>Somebody took its user's role away.</summary>
    Removed = 1,

    /// <summary>The playlist was deleted.</summary>
    Deleted = 2,

    /// <summary>Its user may no longer read the playlist.</summary>
    Forbidden = 3,

    /// <summary>The session that the connection belongs to has ended; the connection ends as well.</summary>
    SignedOut = 4,
}

/// <summary>A client is out of a playlist.</summary>
public sealed record ClosedMessage(Guid PlaylistId, ClosedReason Reason);

/// <summary>Who is there.</summary>
/// <param name="PlaylistId">Where.</param>
/// <param name="Count">How many there are.</param>
/// <param name="People">Some of them, those who do something first.</param>
public sealed record PresenceMessage(Guid PlaylistId, int Count, IReadOnlyList<PresentPerson> People);

/// <summary>One client that is there; a user with two windows open is there twice.</summary>
/// <param name="Id">Tells windows of one user apart while they are there.</param>
/// <param name="UserId">The user.</param>
/// <param name="DisplayName">The user's name.</param>
/// <param name="Focus">What the user looks at or does.</param>
public sealed record PresentPerson(
    long Id,
    Guid UserId,
    string? DisplayName,
    PresenceFocus Focus);

/// <summary>What somebody looks at or does.</summary>
/// <param name="Action">A word of the app, such as <c>viewing</c> or <c>dragging</c>.</param>
/// <param name="EntryId">The entry that it is about, if it is about one.</param>
public sealed record PresenceFocus(
    string? Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? EntryId = null)
{
    /// <summary>Letters in an action at most.</summary>
    public const int ActionLettersMax = 32;

    /// <summary>What somebody does of whom nothing is known but that they are there.</summary>
    public static readonly PresenceFocus Viewing = new("viewing");
}

/// <summary>Puts changes that are JSON already into the message as they are.</summary>
internal sealed class ChangedMessageConverter : JsonConverter<ChangedMessage>
{
    public override ChangedMessage Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Only the server writes it.");

    public override void Write(Utf8JsonWriter writer, ChangedMessage value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("playlistId"u8, value.PlaylistId);
        writer.WriteNumber("version"u8, value.Version);
        writer.WriteNumber("contentVersion"u8, value.ContentVersion);
        writer.WriteNumber("detailsVersion"u8, value.DetailsVersion);
        writer.WriteStartArray("changes"u8);
        foreach (var change in value.Changes)
            writer.WriteRawValue(change.Span, skipInputValidation: true);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
