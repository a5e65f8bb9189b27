using System.Globalization;
using System.Security.Cryptography;
using IndiiMusic.Grains.Auth;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.SigningKeys;

/// <summary>
/// Signing keys as PEM files in a folder: <c>access-token-20261123T101500Z.pem</c>, for their owner's eyes only. To
/// replace a key, add a file with a later time and restart; to withdraw one, remove its file and restart.
/// </summary>
internal sealed class FolderSigningKeyStore(IOptions<FolderSigningKeyOptions> options) : ISigningKeyStore
{
    private const string Prefix = "access-token-";
    private const string Suffix = ".pem";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Path.GetFullPath(options.Value.Folder);

    public async Task<IReadOnlyList<StoredSigningKey>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_folder))
            return [];

        var keys = new List<StoredSigningKey>();
        foreach (var file in Directory.EnumerateFiles(_folder, Prefix + "*" + Suffix))
            keys.Add(await Read(file, cancellationToken));

        return keys;
    }

    public async Task AddAsync(StoredSigningKey key, CancellationToken cancellationToken)
    {
        var time = key.CreatedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var file = Path.Combine(_folder, Prefix + time + Suffix);
        var unfinished = file + ".unfinished";
        try
        {
            CreateFolder();
            using var ecdsa = ECDsa.Create(key.Parameters);
            await Write(unfinished, ecdsa.ExportPkcs8PrivateKeyPem(), cancellationToken);
            File.Move(unfinished, file, overwrite: false);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new SigningKeyStoreException($"The signing key {file} cannot be written: {cause.Message}", cause);
        }
    }

    private static async Task<StoredSigningKey> Read(string file, CancellationToken cancellationToken)
    {
        var time = Path.GetFileName(file)[Prefix.Length..^Suffix.Length];
        var isTime = DateTimeOffset.TryParseExact(
            time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var createdAt);
        if (!isTime)
        {
            throw new SigningKeyStoreException(
                $"The signing key {file} must be named {Prefix}<UTC time as {TimeFormat}>{Suffix}.");
        }

        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(await File.ReadAllTextAsync(file, cancellationToken));
            return new StoredSigningKey(createdAt, ecdsa.ExportParameters(includePrivateParameters: true));
        }
        catch (Exception cause) when (
            cause is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SigningKeyStoreException($"The signing key {file} cannot be read: {cause.Message}", cause);
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static async Task Write(string file, string pem, CancellationToken cancellationToken)
    {
        var settings = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.WriteThrough,
        };
        if (!OperatingSystem.IsWindows())
            settings.UnixCreateMode = OwnerOnly;

        await using var stream = new FileStream(file, settings);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(pem), cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}
