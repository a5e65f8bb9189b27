using System.CommandLine;
using System.Reflection;
using IndiiMusic.Api.Listeners;
using IndiiMusic.Infrastructure.Hosting;

namespace IndiiMusic.Standalone.Serve;

/// <summary>Runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    /// <summary>The command <c>serve</c>, which is also what happens when no command is named.</summary>
    public static Command Create()
    {
        var command = new Command("serve", "Run the server (what happens when no command is given).");
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            await using var standalone = StandaloneApplication.Create(CommonOptions.Settings(parsed));
            await standalone.StartAsync(cancellationToken);
            Announce(standalone);
            await standalone.Host.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop while it started.
            return 0;
        }
        catch (Exception exception) when (StartFailure.Describe(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
            {
                await Console.Error.WriteLineAsync(line);
            }

            return 1;
        }
    }

    private static void Announce(StandaloneApplication standalone)
    {
        var addresses = standalone.Host.Services.GetRequiredService<ListenerAddresses>();
        var address = addresses.Public[0];
        var version = typeof(ServeCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var program = Environment.GetEnvironmentVariable("INDIIMUSIC_PROGRAM") ?? "IndiiMusic.Standalone";
        Console.WriteLine($"""
            Indii Music {version} is ready at {address}
              docs        {address}/docs
              management  {string.Join(", ", addresses.Management)}/metrics
              data        {standalone.DataPath}
              try next    {program} import DIR   brings in a folder of music (in another terminal)
            """);
    }
}
