using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>Which adapter stands behind a port, as the key <c>&lt;concern&gt;:Provider</c> says.</summary>
public static class ProviderChoice
{
    /// <summary>
    /// Reads a choice. A word that is none stops the start, together with everything else that is wrong then; until it
    /// does, the default stands.
    /// </summary>
    /// <param name="builder">Has the configuration.</param>
    /// <param name="concern">What is chosen, such as <c>Storage</c>.</param>
    /// <param name="byDefault">What holds when nothing is said.</param>
    /// <typeparam name="TProvider">The possible words.</typeparam>
    public static TProvider ChooseProvider<TProvider>(
        this IHostApplicationBuilder builder, string concern, TProvider byDefault)
        where TProvider : struct, Enum =>
        builder.Services.ChooseProvider(builder.Configuration, concern, byDefault);

    /// <inheritdoc cref="ChooseProvider{TProvider}(IHostApplicationBuilder, string, TProvider)"/>
    public static TProvider ChooseProvider<TProvider>(
        this IServiceCollection services, IConfiguration configuration, string concern, TProvider byDefault)
        where TProvider : struct, Enum
    {
        var key = $"{concern}:Provider";
        var word = configuration[key];
        if (string.IsNullOrWhiteSpace(word))
            return byDefault;
        foreach (var provider in Enum.GetValues<TProvider>())
        {
            if (string.Equals(provider.ToString(), word, StringComparison.OrdinalIgnoreCase))
                return provider;
        }

        services.RefuseStart($"{key} is '{word}'; it may be {string.Join(" or ", Enum.GetNames<TProvider>())}.");
        return byDefault;
    }

    /// <summary>Stops the start with a message, after all else that is wrong was found as well.</summary>
    public static void RefuseStart(this IServiceCollection services, string message) =>
        services.AddOptions<Refusals>().Validate(_ => false, message).ValidateOnStart();

    /// <summary>Has no settings: its validation carries what cannot be started with.</summary>
    private sealed class Refusals;
}
