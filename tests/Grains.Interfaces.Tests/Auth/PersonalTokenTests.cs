using CsCheck;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Interfaces.Tests.Auth;

public sealed class PersonalTokenTests
{
    private static readonly Gen<PersonalToken> Tokens = Gen.Select(
        Gen.Guid, Gen.Byte.Array[PersonalToken.SecretBytes], (userId, secret) => new PersonalToken(userId, secret));

    [Fact]
    public void A_token_is_read_as_it_was_written()
    {
        Tokens.Sample(token =>
        {
            var text = token.Encode();

            Assert.True(PersonalToken.TryParse(text, out var read));
            Assert.Equal(token.UserId, read.UserId);
            Assert.Equal(token.Secret.ToArray(), read.Secret.ToArray());
            Assert.Equal(token.Hash(), read.Hash());
            Assert.Matches("^indii_pat_[0-9A-Za-z]{71}$", text);
        });
    }

    [Fact]
    public void A_mistyped_character_is_told_with_nobody_asked()
    {
        Gen.Select(Tokens, Gen.Int[0, 80], Gen.Char.AlphaNumeric).Sample((token, at, character) =>
        {
            var text = token.Encode();
            var mistyped = text[..at] + character + text[(at + 1)..];

            Assert.Equal(text == mistyped, PersonalToken.TryParse(mistyped, out _));
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("indii_pat_")]
    [InlineData("indii_pat_ü")]
    public void What_is_no_token_is_none(string? text) => Assert.False(PersonalToken.TryParse(text, out _));

    [Fact]
    public void A_token_cut_off_or_gone_on_with_is_none()
    {
        var text = new PersonalToken(Guid.CreateVersion7(), new byte[PersonalToken.SecretBytes]).Encode();

        Assert.False(PersonalToken.TryParse(text[..^1], out _));
        Assert.False(PersonalToken.TryParse(text + "0", out _));
        Assert.False(PersonalToken.TryParse(text.ToUpperInvariant(), out _));
    }

    [Fact]
    public void What_is_printed_holds_no_secret() =>
        Assert.Equal(nameof(PersonalToken), new PersonalToken(Guid.Empty, new byte[32]).ToString());
}
