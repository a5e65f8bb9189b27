using System.Security.Cryptography;
using CsCheck;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Tests.Auth;

public sealed class SecretEncryptionTests
{
    private static readonly EncryptionKey Old = new(new byte[32]);
    private static readonly EncryptionKey New = new(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public void What_is_stored_opens_for_its_owner_alone_and_only_unchanged()
    {
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Guid, Gen.Guid).Sample((secret, owner, other) =>
        {
            var encryption = new SecretEncryption(new Keys(New));
            var text = encryption.Encrypt(secret, owner);
            var changed = text[..^2] + (text[^2] == 'A' ? 'B' : 'A') + text[^1];

            Assert.Equal(secret, encryption.Decrypt(text, owner));
            Assert.NotEqual(text, encryption.Encrypt(secret, owner));
            Assert.Throws<AuthenticationTagMismatchException>(() => encryption.Decrypt(changed, owner));
            if (owner != other)
                Assert.Throws<AuthenticationTagMismatchException>(() => encryption.Decrypt(text, other));
        });
    }

    [Fact]
    public void The_newest_key_encrypts_and_all_decrypt()
    {
        var text = new SecretEncryption(new Keys(Old)).Encrypt([1, 2, 3], Guid.Empty);
        var both = new SecretEncryption(new Keys(New, Old));

        Assert.Equal([1, 2, 3], both.Decrypt(text, Guid.Empty));
        var failure = Assert.Throws<IndiiException>(
            () => new SecretEncryption(new Keys(Old)).Decrypt(both.Encrypt([1], Guid.Empty), Guid.Empty));
        Assert.Equal(ErrorCode.DependencyUnavailable, failure.Code);
    }

    [Fact]
    public void Without_a_key_nothing_is_encrypted()
    {
        var failure = Assert.Throws<IndiiException>(() => new SecretEncryption(new Keys()).Encrypt([1], Guid.Empty));

        Assert.Equal(ErrorCode.DependencyUnavailable, failure.Code);
    }

    internal sealed class Keys(params EncryptionKey[] keys) : IEncryptionKeyStore
    {
        public IReadOnlyList<EncryptionKey> Read() => keys;
    }
}
