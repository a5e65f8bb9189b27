using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Auth;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.EncryptionKeys;

/// <summary>
/// Keys as files in a folder: <c>encryption-20261123T101500Z.key</c>, 32 random bytes in base64, for their owner's eyes
/// only. To replace a key, add a file with a later time and restart; the old one stays for what it encrypted.
/// </summary>
internal sealed partial class FolderEncryptionKeyStore(
    IOptions<FolderEncryptionKeyOptions> options,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<FolderEncryptionKeyStore> logger) : IEncryptionKeyStore, IHostedLifecycleService
{
    private const string Prefix = "encryption-";
    private const string Suffix = ".key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _reading = new();
    private List<EncryptionKey>? _keys;

    public IReadOnlyList<EncryptionKey> Read()
    {
        lock (_reading)
            return _keys ??= ReadOrMake();
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (Read().Count == 0)
            LogNone();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private List<EncryptionKey> ReadOrMake()
    {
        var named = options.Value.Folder;
        if (named.Length > 0)
        {
            return ReadFrom(Path.GetFullPath(named)) is { Count: > 0 } given
                ? given
                : throw new EncryptionKeyStoreException(
                    $"{FolderEncryptionKeyOptions.Section}:Folder names {named}, "
                    + $"which holds no file {Prefix}*{Suffix}.");
        }

        // Only Standalone has a folder of data: what one of many silos made, the others could not read.
        if (configuration["Data:Path"] is not { Length: > 0 } data)
            return [];
        var own = Path.GetFullPath(Path.Combine(data, "keys"));
        if (ReadFrom(own) is { Count: > 0 } present)
            return present;
        Make(own);
        LogMade();
        return ReadFrom(own);
    }

    private static List<EncryptionKey> ReadFrom(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, Prefix + "*" + Suffix)
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal).Select(ReadFile)]
        : [];

    private static EncryptionKey ReadFile(string file)
    {
        try
        {
            var bytes = Convert.FromBase64String(File.ReadAllText(file).Trim());
            return bytes.Length == EncryptionKey.BytesCount
                ? new EncryptionKey(bytes)
                : throw new EncryptionKeyStoreException(
                    $"The key {file} has {bytes.Length} bytes; it must be {EncryptionKey.BytesCount} in base64.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new EncryptionKeyStoreException($"The key {file} cannot be read: {cause.Message}", cause);
        }
    }

    private void Make(string folder)
    {
        var file = Path.Combine(folder, $"{Prefix}{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}{Suffix}");
        var settings = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.WriteThrough,
        };
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
                settings.UnixCreateMode = OwnerOnly;
            }

            var unfinished = file + ".unfinished";
            using (var stream = new FileStream(unfinished, settings))
            {
                var key = RandomNumberGenerator.GetBytes(EncryptionKey.BytesCount);
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key)));
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file, overwrite: false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new EncryptionKeyStoreException($"The key {file} cannot be written: {cause.Message}", cause);
        }
    }
}
