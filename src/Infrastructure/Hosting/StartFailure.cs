using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using IndiiMusic.Grains.Auth;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>Turns what can go wrong at the start into lines for the person at the terminal.</summary>
public static partial class StartFailure
{
    /// <summary>
    /// Finds everything that is wrong with the settings, before anything starts. The host would do it too, but only
    /// after it has made services that cannot be made of wrong settings.
    /// </summary>
    /// <exception cref="OptionsValidationException">Of one kind of options, something is wrong.</exception>
    /// <exception cref="AggregateException">Of several.</exception>
    public static void ThrowIfMisconfigured(IServiceProvider services) =>
        ((IStartupValidator?)services.GetService(typeof(IStartupValidator)))?.Validate();

    /// <summary>One line for each thing to mend; empty when it is none that we know.</summary>
    public static IReadOnlyList<string> Describe(Exception exception, IConfiguration? configuration = null) =>
        exception switch
        {
            StartRefusedException refused => [refused.Message],
            SigningKeyStoreException unusable => [unusable.Message],
            EncryptionKeyStoreException unusable => [unusable.Message],
            OptionsValidationException invalid => [.. invalid.Failures.Select(failure =>
                WithKey(failure, invalid.OptionsType, configuration))],
            AggregateException several =>
                [.. several.InnerExceptions.SelectMany(each => Describe(each, configuration))],
            IOException { InnerException: AddressInUseException or SocketException } refused => [refused.Message],
            InvalidOperationException conversion when conversion.Message.StartsWith(
                "Failed to convert configuration value", StringComparison.Ordinal) => [conversion.Message],
            _ => [],
        };

    /// <summary>Validation by attributes names the member of a class; people know the key and its value.</summary>
    private static string WithKey(string failure, Type options, IConfiguration? configuration)
    {
        var section = options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue();

        // Options that validate themselves name the key; what stands before it is the member once more.
        if (section is not null
            && failure.IndexOf($": {section}:", StringComparison.Ordinal) is > 0 and var at
            && !failure.AsSpan(0, at).Contains(' '))
        {
            return failure[(at + 2)..];
        }

        if (section is null || ByAttribute().Match(failure) is not { Success: true } match)
            return failure;

        var key = $"{section}:{match.Groups["member"].Value.Replace('.', ':')}";
        var what = match.Groups["what"].Value;
        return configuration?[key] is { Length: > 0 } value && !Secret().IsMatch(key)
            ? $"{key} is '{value}'; it {what}"
            : $"{key} {what}";
    }

    [GeneratedRegex(
        @"^(?<member>[\w.]+): The (field )?\S+ (field )?(?<what>(is|must) .*)$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ByAttribute();

    [GeneratedRegex("secret|password|token|key$|connectionstring|uri$", RegexOptions.IgnoreCase, 100)]
    private static partial Regex Secret();
}
