using System.Runtime.InteropServices;

namespace IndiiMusic.Infrastructure.Tests;

/// <summary>A file system of a few megabytes in memory, to be filled. Making one needs the right to mount.</summary>
internal sealed class TinyDisk : IDisposable
{
    private const int DetachNow = 2;

    private TinyDisk(string path) => Path = path;

    public string Path { get; }

    /// <returns>Null where this process may not mount.</returns>
    public static TinyDisk? Mount(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("indiimusic-disk-").FullName;
        if (OperatingSystem.IsLinux() && Mount("tmpfs", path, "tmpfs", 0, $"size={megabytes}m") == 0)
            return new TinyDisk(path);
        Directory.Delete(path);
        return null;
    }

    public void Dispose()
    {
        _ = Unmount(Path, DetachNow);
        Directory.Delete(Path);
    }

    [DllImport("libc", EntryPoint = "mount", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mount(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string source,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string target,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string type,
        nuint flags,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string data);

    [DllImport(
        "libc", EntryPoint = "umount2", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmount([MarshalAs(UnmanagedType.LPUTF8Str)] string target, int flags);
}

/// <summary>
/// A test that runs where a <see cref="TinyDisk"/> can be made, and is reported as skipped elsewhere.
/// </summary>
internal sealed class TinyDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        using var disk = TinyDisk.Mount(megabytes: 1);
        return disk is not null;
    });

    public TinyDiskFactAttribute()
    {
        if (!CanMount.Value)
            Skip = "This process may not mount a file system.";
    }
}
