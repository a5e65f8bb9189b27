namespace IndiiMusic.Deployment.Tests;

/// <summary>The files of the repository that these tests look at.</summary>
public static class Repository
{
    /// <summary>The folder that holds IndiiMusic.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder, given from the root.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string Find(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "IndiiMusic.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("No folder above the tests holds IndiiMusic.sln.");
    }
}
