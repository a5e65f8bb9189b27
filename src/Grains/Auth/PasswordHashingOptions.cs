using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Auth;

/// <summary>What checking passwords costs, and how much of it goes on at once. Section <c>Auth:Passwords</c>.</summary>
public sealed class PasswordHashingOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Auth:Passwords";

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512. The default is what OWASP's password storage cheat sheet asks for. Raising it
    /// takes effect on each user's next log-in.
    /// </summary>
    public int Iterations { get; set; } = 210_000;

    /// <summary>Passwords hashed at the same time; 0 is one for each processor.</summary>
    public int Concurrency { get; set; }

    /// <summary>Passwords that wait for their turn at most; more are told to come again.</summary>
    public int WaitingMax { get; set; } = 100;

    /// <summary>How long a password waits for its turn at most, in seconds.</summary>
    public int WaitSecondsMax { get; set; } = 10;
}

/// <summary>Holds <see cref="PasswordHashingOptions"/> within sane bounds.</summary>
internal sealed class PasswordHashingOptionsValidator : IValidateOptions<PasswordHashingOptions>
{
    // The lower bound is for tests; below the default is no choice for people's passwords.
    private const int IterationsMin = 1_000;
    private const int IterationsMax = 10_000_000;

    public ValidateOptionsResult Validate(string? name, PasswordHashingOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.Iterations), options.Iterations, IterationsMin, IterationsMax);
        Check(nameof(options.Concurrency), options.Concurrency, 0, 1_024);
        Check(nameof(options.WaitingMax), options.WaitingMax, 0, 100_000);
        Check(nameof(options.WaitSecondsMax), options.WaitSecondsMax, 1, 60);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string key, int value, int min, int max)
        {
            if (value < min || value > max)
                failures.Add($"{PasswordHashingOptions.Section}:{key} is {value}; it may be {min} to {max}.");
        }
    }
}
