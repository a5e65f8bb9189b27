using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Standalone.Serve;

/// <summary>Turns what can go wrong at the start into lines for the person at the terminal.</summary>
internal static class StartFailure
{
    /// <summary>One line for each thing to mend; empty when it is none that we know.</summary>
    public static IReadOnlyList<string> Describe(Exception exception) => exception switch
    {
        StartRefusedException refused => [refused.Message],
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(Describe)],
        IOException { InnerException: AddressInUseException } taken =>
            [$"{AddressIn(taken.Message)} is taken by another program. "
                + "Stop it, or choose another address with --url or --management-url."],
        IOException { InnerException: SocketException } refused => [refused.Message],
        SocketException refused => [$"An address cannot be listened on: {refused.Message}."],
        FormatException address => [address.Message],
        InvalidOperationException conversion when conversion.Message.StartsWith(
            "Failed to convert configuration value", StringComparison.Ordinal) => [conversion.Message],
        _ => [],
    };

    private static string AddressIn(string message)
    {
        var start = message.IndexOf("http", StringComparison.Ordinal);
        return start < 0 ? "The address" : message[start..].Split(": ")[0];
    }
}
