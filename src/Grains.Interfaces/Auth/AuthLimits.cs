namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>Bounds on what one account holds to log in and to let scripts in.</summary>
public static class AuthLimits
{
    /// <summary>A user has at most so many personal access tokens that have not expired.</summary>
    public const int PersonalTokensMax = 50;

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
}
