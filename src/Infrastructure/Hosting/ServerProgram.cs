using System.Reflection;
using IndiiMusic.Infrastructure.LiveSettings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>
/// How a program of the cluster runs: until it is told to stop, or it refuses to start, with a line for each reason.
/// </summary>
public static class ServerProgram
{
    /// <summary>Runs what <paramref name="create"/> makes.</summary>
    /// <param name="name">The program's name, such as <c>Indii Music silo</c>.</param>
    /// <param name="create">Builds the program.</param>
    /// <returns>The exit code: 0 when it was told to stop, 1 when it could not start.</returns>
    public static async Task<int> RunAsync(string name, Func<WebApplication> create)
    {
        IConfiguration? configuration = null;
        try
        {
            await using var app = create();
            configuration = app.Configuration;
            StartFailure.ThrowIfMisconfigured(app.Services);
            await app.Services.LoadLiveSettingsAsync();
            ListenCheck.Ensure(app.Configuration);
            app.Lifetime.ApplicationStarted.Register(() => Announce(name, app));
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop while it started.
            return 0;
        }
        catch (Exception exception) when (StartFailure.Describe(exception, configuration) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
                await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    private static void Announce(string name, WebApplication app)
    {
        var version = Assembly.GetEntryAssembly()?
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        Console.WriteLine($"{name} {version} is ready at {string.Join(", ", addresses ?? [])}");
    }
}
