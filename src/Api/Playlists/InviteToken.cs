using System.Buffers.Text;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// What an invite link holds: the playlist's id in base64url, then the secret that the playlist made. So no index of
/// all invites is needed to find the playlist.
/// </summary>
internal static class InviteToken
{
    private const int IdBytes = 16;
    private const int IdCharacters = 22;

    public static string Of(Guid playlistId, string secret) =>
        Base64Url.EncodeToString(playlistId.ToByteArray(bigEndian: true)) + secret;

    /// <exception cref="IndiiException"><c>invite_unusable</c> for what can be no token of ours.</exception>
    public static (Guid PlaylistId, string Secret) Read(string token)
    {
        Span<byte> id = stackalloc byte[IdBytes];
        return token.Length > IdCharacters
            && Base64Url.IsValid(token.AsSpan(0, IdCharacters))
            && Base64Url.TryDecodeFromChars(token.AsSpan(0, IdCharacters), id, out var written) && written == IdBytes
                ? (new Guid(id, bigEndian: true), token[IdCharacters..])
                : throw Unusable();
    }

    /// <summary>The one answer to every token that lets nobody in.</summary>
    public static IndiiException Unusable() => new(
        ErrorCode.InviteUnusable, "The invite is unknown, expired, used up or withdrawn.");
}
