using IndiiMusic.Grains.Auth;
using IndiiMusic.Infrastructure.EncryptionKeys;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.EncryptionKeys;

public sealed class FolderEncryptionKeyStoreTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-encryption-").FullName;

    private string Own => Path.Combine(_data, "keys");

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Where_there_is_a_folder_of_data_the_first_start_makes_a_key_that_the_next_finds()
    {
        var made = Assert.Single(Store(data: _data).Read());
        var found = Assert.Single(Store(data: _data).Read());

        Assert.Equal(made.Bytes.ToArray(), found.Bytes.ToArray());
        Assert.Contains(made.Bytes.ToArray(), one => one != 0);
        var file = Assert.Single(Directory.GetFiles(Own));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Without_any_folder_there_is_no_key() => Assert.Empty(Store().Read());

    [Fact]
    public void Of_a_folder_that_is_named_the_newest_key_comes_first()
    {
        Write("encryption-20261123T101500Z.key", 1, 32);
        Write("encryption-20261124T101500Z.key", 2, 32);
        Write("access-token-20261125T101500Z.pem", 3, 32);

        Assert.Equal([2, 1], Store(folder: _data).Read().Select(key => key.Bytes.Span[0]));
    }

    [Fact]
    public void A_folder_that_is_named_and_holds_none_stops_the_start()
    {
        var failure = Assert.Throws<EncryptionKeyStoreException>(() => Store(folder: _data).Read());

        Assert.Contains("Auth:EncryptionKeys:Folder", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_data));
    }

    [Fact]
    public void A_key_that_is_too_short_or_no_base64_is_named()
    {
        Write("encryption-20261123T101500Z.key", 1, 31);
        Assert.Contains("31 bytes", Refusal(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_data, "encryption-20261123T101500Z.key"), "no base64 at all");
        Assert.Contains("encryption-20261123T101500Z.key", Refusal(), StringComparison.Ordinal);
    }

    private string Refusal() =>
        Assert.Throws<EncryptionKeyStoreException>(() => Store(folder: _data).Read()).Message;

    private void Write(string name, byte value, int count) => File.WriteAllText(
        Path.Combine(_data, name), Convert.ToBase64String(Enumerable.Repeat(value, count).ToArray()) + "\n");

    private static FolderEncryptionKeyStore Store(string folder = "", string data = "") => new(
        Options.Create(new FolderEncryptionKeyOptions { Folder = folder }),
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Data:Path", (string?)data)]).Build(),
        TimeProvider.System,
        NullLogger<FolderEncryptionKeyStore>.Instance);
}
