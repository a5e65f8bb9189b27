using System.Runtime.InteropServices;
using System.Text;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// Makes entries of folders durable. A file that was flushed and renamed can still be missing after a power loss unless
/// its folder is flushed as well, for which .NET has no call.
/// </summary>
internal static class DurableFolder
{
    private const int OpenReadOnly = 0;

    /// <summary>Makes a folder below a root, and every missing folder between them, durably.</summary>
    public static void Create(string root, string folder)
    {
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        for (var parent = Path.GetDirectoryName(folder);
            parent is not null && parent.Length >= root.Length;
            parent = Path.GetDirectoryName(parent))
        {
            Flush(parent);
        }
    }

    /// <summary>Returns once the folder's entries are on disk.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public static void Flush(string folder)
    {
        // Windows writes its folder entries through a journal of its own, and has no such call.
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(Encoding.UTF8.GetBytes(folder + '\0'), OpenReadOnly);
        if (descriptor < 0)
            throw Failure(folder);
        try
        {
            if (Synchronize(descriptor) != 0)
                throw Failure(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string folder) =>
        new($"Flushing the folder {folder} failed: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
