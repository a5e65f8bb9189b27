using System.Runtime.CompilerServices;

namespace IndiiMusic.Standalone.Tests.Architecture;

/// <summary>The repository's files.</summary>
internal static class Source
{
    /// <summary>Its top folder.</summary>
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "IndiiMusic.sln")))
            folder = folder.Parent!;

        return folder.FullName;
    }
}
