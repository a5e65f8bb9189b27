using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Auth;

/// <summary>An account to make.</summary>
/// <param name="Username">3 to 32 of the letters a to z, digits, <c>_</c>, <c>.</c> and <c>-</c>; case is kept.</param>
/// <param name="Email">An e-mail address; case is kept.</param>
/// <param name="Password">8 to 256 characters.</param>
/// <param name="DisplayName">What others read; without it, the user name.</param>
public sealed record RegisterRequest(
    [property: StringLength(AccountLimits.UsernameLengthMax, MinimumLength = AccountLimits.UsernameLengthMin)]
    [property: RegularExpression(AccountLimits.UsernamePattern)]
    string Username,
    [property: StringLength(AccountLimits.EmailLengthMax)]
    string Email,
    [property: StringLength(AccountLimits.PasswordLengthMax, MinimumLength = AccountLimits.PasswordLengthMin)]
    string Password,
    [property: StringLength(AccountLimits.DisplayNameLengthMax)]
    string? DisplayName = null);

/// <summary>A log-in.</summary>
/// <param name="Login">User name or e-mail address, in any case.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">A code of the second factor, or a recovery code, where the account has a second factor.</param>
/// <param name="RememberDevice">With a code: whether this device needs none for 30 days.</param>
/// <param name="DeviceName">
/// What the lists of sessions and of remembered devices call it; without it, the former shows the <c>User-Agent</c>.
/// </param>
/// <param name="DeviceToken">What a remembered device got at such a log-in; it stands in place of a code.</param>
/// <param name="Scope">
/// What the session's tokens are for: words with spaces between, such as <c>playlists:read tracks:read</c>. Without it,
/// all but <c>admin</c>.
/// </param>
public sealed record LogInRequest(
    [property: StringLength(AccountLimits.EmailLengthMax)] string Login,
    [property: StringLength(AccountLimits.PasswordLengthMax)] string Password,
    [property: StringLength(AuthLimits.CodeLengthMax)] string? Code = null,
    bool RememberDevice = false,
    [property: StringLength(AuthLimits.DeviceNameLengthMax)] string? DeviceName = null,
    [property: StringLength(128)] string? DeviceToken = null,
    [property: StringLength(256)] string? Scope = null);

/// <summary>A refresh token to trade.</summary>
/// <param name="RefreshToken">The newest one.</param>
public sealed record RefreshRequest([property: StringLength(512)] string RefreshToken);

/// <summary>The session to end.</summary>
/// <param name="RefreshToken">One of its refresh tokens; without it, the access token's own session ends.</param>
public sealed record LogOutRequest([property: StringLength(512)] string? RefreshToken = null);

/// <summary>A proof that whoever holds the session is still its user.</summary>
/// <param name="Password">The password.</param>
/// <param name="Code">A code of the second factor, or a recovery code, where the account has a second factor.</param>
public sealed record StepUpRequest(
    [property: StringLength(AccountLimits.PasswordLengthMax)] string Password,
    [property: StringLength(AuthLimits.CodeLengthMax)] string? Code = null);

/// <summary>What a client signs its requests with.</summary>
/// <param name="AccessToken">Goes into <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds that the access token is good for.</param>
/// <param name="RefreshToken">Good once, for the next pair; lasts 30 days.</param>
/// <param name="Scope">What the tokens are for: words with spaces between. The user's roles decide besides.</param>
/// <param name="DeviceToken">Where the device is remembered from now on: to be sent with its next log-ins.</param>
public sealed record TokenResponse(
    string AccessToken,
    string TokenType,
    int ExpiresIn,
    string RefreshToken,
    string Scope,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeviceToken = null);

/// <summary>A JSON Web Key Set (RFC 7517): the public keys that access tokens are verified with.</summary>
/// <param name="Keys">Newest first.</param>
public sealed record JwksResponse(IReadOnlyList<JwksKey> Keys);

/// <summary>A public key of the curve P-256.</summary>
/// <param name="Kty">Always <c>EC</c>.</param>
/// <param name="Crv">Always <c>P-256</c>.</param>
/// <param name="X">The point's x, base64url.</param>
/// <param name="Y">The point's y, base64url.</param>
/// <param name="Use">Always <c>sig</c>.</param>
/// <param name="Alg">Always <c>ES256</c>.</param>
/// <param name="Kid">The key's id, which tokens name in their header.</param>
public sealed record JwksKey(string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);
