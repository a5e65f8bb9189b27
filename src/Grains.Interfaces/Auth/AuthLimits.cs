namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>Bounds on what one account holds to log in and to let scripts in.</summary>
public static class AuthLimits
{
    /// <summary>A user has at most so many personal access tokens that have not expired.</summary>
    public const int PersonalTokensMax = 50;

    /// <summary>A user has at most so many sessions; the oldest ends for one more.</summary>
    public const int SessionsMax = 50;

    /// <summary>What is kept of the device of a session, and of its name, has at most so many characters.</summary>
    public const int DeviceLengthMax = 120;

    /// <summary>The name of a personal access token has at most so many characters.</summary>
    public const int PersonalTokenNameLengthMax = 100;

    /// <summary>A personal access token names at most so many scopes.</summary>
    public const int PersonalTokenScopesMax = 20;

    /// <summary>A personal access token whose maker names no end is good for so many days.</summary>
    public const int PersonalTokenDaysDefault = 90;

    /// <summary>A personal access token is good for at most so many days.</summary>
    public const int PersonalTokenDaysMax = 366;

    /// <summary>How long a proof of who one is allows sensitive actions, in minutes.</summary>
    public const int ProofMinutes = 5;

    /// <summary>A second factor comes with so many recovery codes.</summary>
    public const int RecoveryCodesCount = 10;

    /// <summary>A code of the second factor, of whatever kind, has at most so many characters.</summary>
    public const int CodeLengthMax = 64;

    /// <summary>How long a secret waits to be confirmed, in minutes.</summary>
    public const int SecretWaitsMinutes = 30;

    /// <summary>A user has at most so many remembered devices; the oldest makes room.</summary>
    public const int RememberedDevicesMax = 20;

    /// <summary>How long a device is remembered, in days.</summary>
    public const int RememberedDeviceDays = 30;

    /// <summary>The name of a remembered device has at most so many characters.</summary>
    public const int DeviceNameLengthMax = 100;

    /// <summary>So many wrong codes in a row are free; each further one locks codes for twice as long.</summary>
    public const int WrongCodesFree = 4;

    /// <summary>How long the first lock lasts, in minutes.</summary>
    public const int LockMinutesMin = 1;

    /// <summary>How long a lock lasts at most, in minutes.</summary>
    public const int LockMinutesMax = 8 * 60;
}
