using System.Security.Cryptography;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Infrastructure.SigningKeys;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.SigningKeys;

public sealed class FolderSigningKeyStoreTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private readonly string _data = Directory.CreateTempSubdirectory("indii-keys-").FullName;
    private readonly FolderSigningKeyStore _store;

    public FolderSigningKeyStoreTests() => _store = new FolderSigningKeyStore(
        Options.Create(new FolderSigningKeyOptions { Folder = Keys }));

    private string Keys => Path.Combine(_data, "keys");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Before_the_first_start_there_is_no_key() =>
        Assert.Empty(await _store.ReadAsync(CancellationToken.None));

    [Fact]
    public async Task Keys_that_were_added_are_read_again()
    {
        var (first, second) = (NewKey(Time), NewKey(Time.AddSeconds(1)));
        await _store.AddAsync(first, CancellationToken.None);
        await _store.AddAsync(second, CancellationToken.None);

        var read = (await _store.ReadAsync(CancellationToken.None)).OrderBy(key => key.CreatedAt).ToArray();

        Assert.Equal([first.CreatedAt, second.CreatedAt], read.Select(key => key.CreatedAt));
        Assert.Equal([first.Parameters.D, second.Parameters.D], read.Select(key => key.Parameters.D));
    }

    [Fact]
    public async Task Only_the_owner_reads_a_key()
    {
        await _store.AddAsync(NewKey(Time), CancellationToken.None);

        var file = Assert.Single(Directory.GetFiles(Keys));
        Assert.Equal("access-token-20261123T101500Z.pem", Path.GetFileName(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Keys));
        }
    }

    [Fact]
    public async Task A_key_is_never_overwritten()
    {
        await _store.AddAsync(NewKey(Time), CancellationToken.None);

        await Assert.ThrowsAsync<SigningKeyStoreException>(() => _store.AddAsync(NewKey(Time), CancellationToken.None));
    }

    [Theory]
    [InlineData("access-token-20261123T101500Z.pem", "no key")]
    [InlineData("access-token-20261123T101500Z.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("access-token-new.pem", "")]
    public async Task A_file_that_is_no_key_is_named(string name, string content)
    {
        Directory.CreateDirectory(Keys);
        await File.WriteAllTextAsync(Path.Combine(Keys, name), content);

        var failure = await Assert.ThrowsAsync<SigningKeyStoreException>(
            () => _store.ReadAsync(CancellationToken.None));

        Assert.Contains(Path.Combine(Keys, name), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_files_and_unfinished_ones_are_let_be()
    {
        Directory.CreateDirectory(Keys);
        await File.WriteAllTextAsync(Path.Combine(Keys, "README"), "keys");
        await File.WriteAllTextAsync(Path.Combine(Keys, "access-token-20261123T101500Z.pem.unfinished"), "-----BEG");

        Assert.Empty(await _store.ReadAsync(CancellationToken.None));
    }

    private static StoredSigningKey NewKey(DateTimeOffset createdAt)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new StoredSigningKey(createdAt, ecdsa.ExportParameters(includePrivateParameters: true));
    }
}
