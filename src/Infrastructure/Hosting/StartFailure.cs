using System.Net.Sockets;
using IndiiMusic.Grains.Auth;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>Turns what can go wrong at the start into lines for the person at the terminal.</summary>
public static class StartFailure
{
    /// <summary>One line for each thing to mend; empty when it is none that we know.</summary>
    public static IReadOnlyList<string> Describe(Exception exception) => exception switch
    {
        StartRefusedException refused => [refused.Message],
        SigningKeyStoreException unusable => [unusable.Message],
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => [.. several.InnerExceptions.SelectMany(Describe)],
        IOException { InnerException: AddressInUseException or SocketException } refused => [refused.Message],
        InvalidOperationException conversion when conversion.Message.StartsWith(
            "Failed to convert configuration value", StringComparison.Ordinal) => [conversion.Message],
        _ => [],
    };
}
