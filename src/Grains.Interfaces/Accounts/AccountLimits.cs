namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>Bounds on what an account holds. Lengths are in UTF-16 characters.</summary>
public static class AccountLimits
{
    /// <summary>A user name has at least so many characters.</summary>
    public const int UsernameLengthMin = 3;

    /// <summary>A user name has at most so many characters.</summary>
    public const int UsernameLengthMax = 32;

    /// <summary>What a user name may be: ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</summary>
    public const string UsernamePattern = "^[A-Za-z0-9_.-]+$";

    /// <summary>An e-mail address has at most so many characters (RFC 5321).</summary>
    public const int EmailLengthMax = 254;

    /// <summary>A password has at least so many characters.</summary>
    public const int PasswordLengthMin = 8;

    /// <summary>A password has at most so many characters; longer ones are refused before any hashing.</summary>
    public const int PasswordLengthMax = 256;

    /// <summary>A display name has at most so many characters.</summary>
    public const int DisplayNameLengthMax = 100;

    /// <summary>An installation has at most so many administrators.</summary>
    public const int AdministratorsMax = 100;

    /// <summary>An avatar has at most so many bytes.</summary>
    public const int AvatarBytesMax = 2 * 1024 * 1024;
}
