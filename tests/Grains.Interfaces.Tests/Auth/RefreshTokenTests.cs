using System.Security.Cryptography;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Interfaces.Tests.Auth;

public sealed class RefreshTokenTests
{
    private readonly RefreshToken _token = new(
        Guid.CreateVersion7(),
        RandomNumberGenerator.GetBytes(RefreshToken.FamilySecretBytes),
        RandomNumberGenerator.GetBytes(RefreshToken.SecretBytes));

    [Fact]
    public void What_was_encoded_is_read_again()
    {
        Assert.True(RefreshToken.TryParse(_token.Encode(), out var read));
        Assert.Equal(_token.SessionId, read.SessionId);
        Assert.Equal(_token.FamilySecret.ToArray(), read.FamilySecret.ToArray());
        Assert.Equal(_token.Secret.ToArray(), read.Secret.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a token")]
    public void What_is_no_token_is_not_read(string? text) => Assert.False(RefreshToken.TryParse(text, out _));

    [Fact]
    public void A_token_with_a_character_too_many_or_wrong_is_not_read()
    {
        Assert.False(RefreshToken.TryParse(_token.Encode() + "A", out _));
        Assert.False(RefreshToken.TryParse(string.Concat(_token.Encode().AsSpan(1), "!"), out _));
    }

    [Fact]
    public void No_log_holds_a_secret() =>
        Assert.DoesNotContain(_token.Encode(), $"{_token}", StringComparison.Ordinal);
}
