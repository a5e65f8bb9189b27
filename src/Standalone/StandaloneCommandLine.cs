using System.CommandLine;
using IndiiMusic.Standalone.Import;
using IndiiMusic.Standalone.Serve;

namespace IndiiMusic.Standalone;

/// <summary>The program's commands.</summary>
internal static class StandaloneCommandLine
{
    /// <summary>Does what the command line says.</summary>
    /// <returns>The exit code: 0 when done, 1 when something stood in the way.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Indii Music: your music and your playlists, on your own machine.");
        CommonOptions.AddTo(root);
        root.SetAction(ServeCommand.RunAsync);
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());

        // People type 'help' and 'version' as commands as often as options.
        string[] words = args is ["help" or "version"] ? ["--" + args[0]] : args;

        // The host itself answers Ctrl-C and SIGTERM, so the command line must not.
        return root.Parse(words).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
