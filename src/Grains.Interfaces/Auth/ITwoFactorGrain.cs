using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// The second factor of one user: codes of an app by RFC 6238, recovery codes, and devices that need neither. The key
/// is the user's id. It may ask sessions, which call nobody.
/// </summary>
[Alias("indii.auth.two-factor-grain")]
public interface ITwoFactorGrain : IGrainWithGuidKey
{
    /// <summary>Whether it is on, and which devices are remembered.</summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [SafeToRepeat]
    [Alias("GetStatus")]
    Task<TwoFactorView> GetStatus(Actor actor);

    /// <summary>Makes a secret for the app. Nothing is asked of anybody until a code of it was confirmed.</summary>
    /// <exception cref="Errors.IndiiException">
    /// <c>not_found</c> for anybody else; <c>step_up_required</c>; <c>conflict</c> when it is on already;
    /// <c>dependency_unavailable</c> where no key is kept to encrypt secrets with.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("Begin")]
    Task<TwoFactorSecret> Begin(Actor actor, Guid sessionId);

    /// <summary>Turns it on for whoever has put the secret into an app, and gives the recovery codes.</summary>
    /// <exception cref="Errors.IndiiException">
    /// <c>not_found</c> for anybody else; <c>conflict</c> when it was not begun lately; <c>invalid_request</c> for a
    /// wrong code; <c>rate_limited</c> after too many.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("Confirm")]
    Task<RecoveryCodes> Confirm(Actor actor, string code);

    /// <summary>Turns it off, and forgets its codes and devices. Does nothing when it is off.</summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else; <c>step_up_required</c>.</exception>
    [ResponseTimeout("00:00:30")]
    [Alias("TurnOff")]
    Task TurnOff(Actor actor, Guid sessionId);

    /// <summary>Makes new recovery codes; the old ones end.</summary>
    /// <exception cref="Errors.IndiiException">
    /// <c>not_found</c> for anybody else; <c>step_up_required</c>; <c>conflict</c> when it is off.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("ReplaceRecoveryCodes")]
    Task<RecoveryCodes> ReplaceRecoveryCodes(Actor actor, Guid sessionId);

    /// <summary>Asks the device for a code again; without an id, all devices.</summary>
    /// <returns>Whether any was remembered.</returns>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [ResponseTimeout("00:00:30")]
    [Alias("ForgetDevices")]
    Task<bool> ForgetDevices(Actor actor, Guid? deviceId);
}

/// <summary>A second factor as its user sees it.</summary>
/// <param name="OnSince">When it was turned on; null while it is off.</param>
/// <param name="RecoveryCodesLeft">Recovery codes that were not used.</param>
/// <param name="Devices">Devices that need no code.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.two-factor-view")]
public sealed record TwoFactorView(
    [property: Id(0)] DateTimeOffset? OnSince,
    [property: Id(1)] int RecoveryCodesLeft,
    [property: Id(2)] ImmutableArray<RememberedDeviceView> Devices);

/// <summary>A device that needs no code.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its user calls it; empty where they did not say.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.remembered-device-view")]
public sealed record RememberedDeviceView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] DateTimeOffset CreatedAt,
    [property: Id(3)] DateTimeOffset ExpiresAt);

/// <summary>What an app makes codes from.</summary>
/// <param name="Secret">In base32.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.two-factor-secret")]
public sealed record TwoFactorSecret([property: Id(0)] string Secret)
{
    /// <summary>Leaves the secret out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(TwoFactorSecret);
}

/// <summary>Codes for somebody who has lost the app. Each is good once.</summary>
/// <param name="Codes">Kept nowhere else.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.recovery-codes")]
public sealed record RecoveryCodes([property: Id(0)] ImmutableArray<string> Codes)
{
    /// <summary>Leaves the codes out, so that no log ever holds them.</summary>
    public override string ToString() => nameof(RecoveryCodes);
}
