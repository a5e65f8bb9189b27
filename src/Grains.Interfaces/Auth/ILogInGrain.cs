namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// Checks passwords and starts sessions. It keeps no state, so any number of activations work side by side; the key is
/// always <see cref="Key"/>.
/// </summary>
[Alias("indii.auth.log-in-grain")]
public interface ILogInGrain : IGrainWithIntegerKey
{
    /// <summary>The one key that is used.</summary>
    const long Key = 0;

    /// <summary>Starts a session for whoever knows the password.</summary>
    /// <param name="credentials">Who and with which password.</param>
    /// <param name="cancellationToken">Stops waiting for a place to hash at.</param>
    /// <exception cref="Errors.IndiiException">
    /// <c>invalid_credentials</c>, whichever part is wrong; <c>second_factor_required</c>, told only to whoever knows
    /// the password; <c>rate_limited</c> when too many passwords wait to be checked, or too many codes were wrong.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("LogIn")]
    Task<SessionTokens> LogIn(Credentials credentials, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a session do what is sensitive for <see cref="AuthLimits.ProofMinutes"/> minutes, for whoever holds it and
    /// knows the password, and the code of the second factor where there is one.
    /// </summary>
    /// <exception cref="Errors.IndiiException">
    /// <c>invalid_credentials</c>; <c>second_factor_required</c>; <c>unauthenticated</c> when the session has ended;
    /// <c>rate_limited</c> when too many passwords wait to be checked, or too many codes were wrong.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("StepUp")]
    Task StepUp(ProofOfUser proof, CancellationToken cancellationToken = default);
}

/// <summary>What somebody logs in with.</summary>
/// <param name="Login">A user name or an e-mail address.</param>
/// <param name="Password">In clear.</param>
/// <param name="Second">What was shown besides; null for nothing.</param>
/// <param name="Session">What the session is to be; null for an ordinary one.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.credentials")]
public sealed record Credentials(
    [property: Id(0)] string Login,
    [property: Id(1)] string Password,
    [property: Id(20)] SecondFactorAttempt? Second = null,
    [property: Id(2)] SessionStart? Session = null)
{
    /// <summary>Leaves the password out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(Credentials);
}

/// <summary>What somebody shows besides the password.</summary>
/// <param name="Code">A code of the app, or a recovery code.</param>
/// <param name="DeviceToken">What a remembered device shows instead.</param>
/// <param name="RememberDevice">Whether to remember the device that shows a code.</param>
/// <param name="DeviceName">What to call it.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.second-factor-attempt")]
public sealed record SecondFactorAttempt(
    [property: Id(0)] string? Code,
    [property: Id(1)] string? DeviceToken = null,
    [property: Id(2)] bool RememberDevice = false,
    [property: Id(3)] string? DeviceName = null)
{
    /// <summary>Leaves the secrets out, so that no log ever holds them.</summary>
    public override string ToString() => nameof(SecondFactorAttempt);
}

/// <summary>What somebody who is logged in proves with that it is still they.</summary>
/// <param name="UserId">The user of the session.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Password">In clear.</param>
/// <param name="Code">A code of the second factor, or a recovery code; null where none was given.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.proof-of-user")]
public sealed record ProofOfUser(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] Guid SessionId,
    [property: Id(2)] string Password,
    [property: Id(3)] string? Code = null)
{
    /// <summary>Leaves the secrets out, so that no log ever holds them.</summary>
    public override string ToString() => nameof(ProofOfUser);
}

/// <summary>What a started or refreshed session hands to its client.</summary>
/// <param name="UserId">Whose session it is.</param>
/// <param name="SessionId">The session.</param>
/// <param name="RefreshToken">The one refresh token that is good from now on.</param>
/// <param name="Scopes">What its tokens are for.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.session-tokens")]
public sealed record SessionTokens(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] Guid SessionId,
    [property: Id(2)] string RefreshToken,
    [property: Id(3)] Scopes Scopes = Scopes.Ordinary)
{
    /// <summary>What a device that is remembered from now on shows in place of a code; else null.</summary>
    [Id(20)]
    public string? DeviceToken { get; init; }

    /// <summary>Leaves the token out, so that no log ever holds it.</summary>
    public override string ToString() => $"{nameof(SessionTokens)} {{ SessionId = {SessionId} }}";
}
