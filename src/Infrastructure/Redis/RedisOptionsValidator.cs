using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>Checks what the attributes on <see cref="RedisOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class RedisOptionsValidator : IValidateOptions<RedisOptions>;

/// <summary>
/// Checks what attributes cannot. No message repeats the connection string, which may hold a password.
/// </summary>
internal sealed class RedisOptionsRules : IValidateOptions<RedisOptions>
{
    private const string Example = "it may be like redis-0:6379,redis-1:6379";

    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var failures = new List<string>();
        if (FailureOf(options.ConnectionString) is { } failure)
            failures.Add($"{Key(nameof(RedisOptions.ConnectionString))} {failure}; {Example}.");
        if (!string.IsNullOrEmpty(options.User) && string.IsNullOrEmpty(options.Password))
        {
            failures.Add(
                $"{Key(nameof(RedisOptions.Password))} is empty; {Key(nameof(RedisOptions.User))} needs one.");
        }

        if (options.DeafAfter < 2 * options.BeatInterval)
        {
            failures.Add(
                $"{Key(nameof(RedisOptions.DeafAfter))} is {options.DeafAfter}; it may be twice "
                + $"{Key(nameof(RedisOptions.BeatInterval))}, {options.BeatInterval}, at the least.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{RedisOptions.Section}:{name}";

    private static string? FailureOf(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return "is empty";
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count == 0 ? "names no server" : null;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException)
        {
            return "cannot be read";
        }
    }
}
