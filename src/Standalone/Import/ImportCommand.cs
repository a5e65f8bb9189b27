using System.CommandLine;
using System.Runtime.InteropServices;
using IndiiMusic.Infrastructure.Hosting;
using Spectre.Console;

namespace IndiiMusic.Standalone.Import;

/// <summary>
/// Brings a folder of music in. Where a server has the data, that server does it, asked through its control socket;
/// else this process does, with the grains but without the gateway.
/// </summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Folder = new("folder")
    {
        Description = "The folder to look through: mp3, flac, ogg, opus, m4a, wav, aiff, and playlist files.",
    };

    private static readonly Option<string?> Owner = new("--owner")
    {
        Description = "The user whom tracks and playlists will belong to; without it the tracks are the library's, "
            + "and the playlists the first user's.",
        HelpName = "username",
    };

    /// <summary>The command <c>import</c>.</summary>
    public static Command Create()
    {
        var command = new Command("import", "Bring in a folder of music. Run again, it goes on where it stopped.");
        command.Arguments.Add(Folder);
        command.Options.Add(Owner);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var request = new ImportRequest(Path.GetFullPath(parsed.GetValue(Folder)!), parsed.GetValue(Owner));
        try
        {
            return await ImportAsync(request, CommonOptions.Settings(parsed), stop.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. Run the same command again to go on.");
            return 1;
        }
        catch (Exception exception) when (StartFailure.Describe(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
                await Console.Error.WriteLineAsync(line);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> ImportAsync(
        ImportRequest request, string[] settings, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(request.Folder))
            throw new StartRefusedException($"There is no folder {request.Folder}.");
        var display = new ImportDisplay(AnsiConsole.Console);

        // The display has the terminal to itself; only what goes wrong is logged.
        string[] quiet =
        [
            .. settings, "--Logging:LogLevel:IndiiMusic=Warning", "--Logging:LogLevel:IndiiMusic.Audit=Warning",
        ];
        await using var standalone = StandaloneApplication.TryCreateWithoutGateway(quiet);
        if (standalone is null)
        {
            var events = ImportSocket.AskAsync(
                StandaloneApplication.ControlSocket(settings), request, cancellationToken);
            return await display.ShowAsync(events);
        }

        await standalone.StartAsync(cancellationToken);
        var import = ActivatorUtilities.CreateInstance<FolderImport>(standalone.Host.Services);
        var exitCode = await display.ShowAsync(import.RunAsync(request, cancellationToken));
        await standalone.Host.StopAsync(CancellationToken.None);
        return exitCode;
    }
}
