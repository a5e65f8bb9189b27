using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Auth;

/// <summary>What checking passwords costs, and how much of it goes on at once. Section <c>Auth:Passwords</c>.</summary>
public sealed class PasswordHashingOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Auth:Passwords";

    // The lower bound is for tests; below the default is no choice for people's passwords.
    private const int IterationsMin = 1_000;

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512. The default is what OWASP's password storage cheat sheet asks for. Raising it
    /// takes effect on each user's next log-in.
    /// </summary>
    [Range(IterationsMin, 10_000_000)]
    public int Iterations { get; set; } = 210_000;

    /// <summary>Passwords hashed at the same time; 0 is one for each processor.</summary>
    [Range(0, 1_024)]
    public int Concurrency { get; set; }

    /// <summary>Passwords that wait for their turn at most; more are told to come again.</summary>
    [Range(0, 100_000)]
    public int WaitingMax { get; set; } = 100;

    /// <summary>How long a password waits for its turn at most, in seconds.</summary>
    [Range(1, 60)]
    public int WaitSecondsMax { get; set; } = 10;
}

/// <summary>Holds <see cref="PasswordHashingOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class PasswordHashingOptionsValidator : IValidateOptions<PasswordHashingOptions>;
