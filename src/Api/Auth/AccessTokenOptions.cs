using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Auth;

/// <summary>Access tokens. Section <c>Auth:AccessTokens</c>.</summary>
public sealed class AccessTokenOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Auth:AccessTokens";

    /// <summary>What stands in <c>iss</c>. Give each installation its own where tokens could meet.</summary>
    public string Issuer { get; set; } = "indiimusic";

    /// <summary>What stands in <c>aud</c>.</summary>
    public string Audience { get; set; } = "indiimusic";

    /// <summary>How long a token is good, in seconds.</summary>
    public int LifetimeSeconds { get; set; } = 600;

    /// <summary>
    /// Verified tokens kept in memory, about 2 KB each. A token that is not kept costs a signature check and a grain
    /// call.
    /// </summary>
    public int CachedMax { get; set; } = 20_000;
}

/// <summary>Holds <see cref="AccessTokenOptions"/> within sane bounds.</summary>
internal sealed class AccessTokenOptionsValidator : IValidateOptions<AccessTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessTokenOptions options)
    {
        var failures = new List<string>();
        CheckText(nameof(options.Issuer), options.Issuer);
        CheckText(nameof(options.Audience), options.Audience);
        CheckNumber(nameof(options.LifetimeSeconds), options.LifetimeSeconds, 10, 86_400);
        CheckNumber(nameof(options.CachedMax), options.CachedMax, 100, 10_000_000);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void CheckText(string key, string value)
        {
            if (string.IsNullOrWhiteSpace(value))
                failures.Add($"{AccessTokenOptions.Section}:{key} is empty; it may be any text.");
        }

        void CheckNumber(string key, int value, int min, int max)
        {
            if (value < min || value > max)
                failures.Add($"{AccessTokenOptions.Section}:{key} is {value}; it may be {min} to {max}.");
        }
    }
}
