using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Auth;

/// <summary>What to put into an app that makes codes.</summary>
/// <param name="Secret">For typing in: base32.</param>
/// <param name="Uri">The same with what apps need besides: <c>otpauth://totp/…</c>.</param>
/// <param name="QrCode">The address as a picture: a data URI of a PNG.</param>
public sealed record BegunTwoFactorResponse(string Secret, string Uri, string QrCode);

/// <summary>A code of the app.</summary>
/// <param name="Code">Six digits.</param>
public sealed record ConfirmTwoFactorRequest(
    [property: StringLength(AuthLimits.CodeLengthMax, MinimumLength = 1)] string Code);

/// <summary>Codes for when the app is lost.</summary>
/// <param name="RecoveryCodes">Ten, shown only now; each is good once, in place of a code.</param>
public sealed record RecoveryCodesResponse(IReadOnlyList<string> RecoveryCodes);

/// <summary>The second factor of an account.</summary>
/// <param name="IsOn">Whether log-in asks for a code.</param>
/// <param name="OnSince">When it was turned on; null while it is off.</param>
/// <param name="RecoveryCodesLeft">Recovery codes that were not used.</param>
/// <param name="Devices">Devices that need no code.</param>
public sealed record TwoFactorResponse(
    bool IsOn, DateTimeOffset? OnSince, int RecoveryCodesLeft, IReadOnlyList<RememberedDeviceResponse> Devices)
{
    internal static TwoFactorResponse Of(TwoFactorView view) => new(
        view.OnSince is not null,
        view.OnSince,
        view.RecoveryCodesLeft,
        [.. view.Devices.Select(device =>
            new RememberedDeviceResponse(device.Id, device.Name, device.CreatedAt, device.ExpiresAt))]);
}

/// <summary>A device that needs no code.</summary>
/// <param name="Id">The device.</param>
/// <param name="Name">What it was called at log-in.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record RememberedDeviceResponse(
    Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
