using System.Globalization;
using IndiiMusic.Infrastructure.Hosting;

namespace IndiiMusic.Standalone.Data;

/// <summary>
/// The folder that holds everything: one process owns it at a time. Whoever holds this object is the owner; the
/// operating system takes the lock back when the process ends, however it ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>A socket's path may have 107 bytes on Linux.</summary>
    private const int SocketPathBytesMax = 107;

    /// <summary>What the operating system answers (EWOULDBLOCK) when somebody else holds a file lock.</summary>
    private const int WouldBlock = 11;

    private const UnixFileMode OnlyThisUser =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Where the owner of a folder takes commands.</summary>
    public static string ControlSocket(string path) =>
        System.IO.Path.Combine(System.IO.Path.GetFullPath(path), "control.sock");

    /// <summary>Becomes the owner, making the folder for this user alone when it is not there.</summary>
    /// <exception cref="StartRefusedException">It cannot be written, or another process owns it.</exception>
    public static DataFolder Open(string path) => TryOpen(path, out var owner) ?? throw new StartRefusedException(
        $"Another Indii Music{owner} is using the data in {System.IO.Path.GetFullPath(path)}. "
        + "Stop it first, or choose another folder with --data.");

    /// <summary>Becomes the owner; null when another process is.</summary>
    /// <exception cref="StartRefusedException">It cannot be written.</exception>
    public static DataFolder? TryOpen(string path) => TryOpen(path, out _);

    /// <summary>Keeps other users of the machine from the control socket, once it is there.</summary>
    public void ProtectControlSocket()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(ControlSocket(Path), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    private static DataFolder? TryOpen(string path, out string owner)
    {
        var full = System.IO.Path.GetFullPath(path);
        owner = "";
        if (System.Text.Encoding.UTF8.GetByteCount(ControlSocket(full)) > SocketPathBytesMax)
        {
            throw new StartRefusedException(
                $"The path of the data folder {full} is too long to hold a socket. Choose a shorter one with --data.");
        }

        try
        {
            CreateFolder(full);
            var lockFile = new FileStream(
                System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(PidFile(full), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            File.Delete(ControlSocket(full));
            return new DataFolder(full, lockFile);
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            owner = File.Exists(PidFile(full)) ? $" (process {File.ReadAllText(PidFile(full))})" : "";
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The data folder {full} cannot be written: {exception.Message.TrimEnd('.')}. "
                + "Make it writable for this user, or choose another with --data.");
        }
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OnlyThisUser);
        }
    }

    private static string PidFile(string path) => System.IO.Path.Combine(path, "pid");
}
