using IndiiMusic.Grains.Interfaces.Accounts;

namespace IndiiMusic.Grains.Interfaces.Tests.Accounts;

public sealed class AccountRulesTests
{
    private static readonly RegisterAccount Good = new("Ana_B.c-1", "ana@example.org", "correct horse", "Ana B.");

    [Fact]
    public void A_plain_registration_is_in_order() => Assert.Empty(AccountRules.Check(Good));

    [Theory]
    [InlineData("ab")]
    [InlineData("abcdefghijklmnopqrstuvwxyz1234567")]
    [InlineData("ana b")]
    [InlineData("ana@b")]
    [InlineData("ana\n")]
    [InlineData("аna")]
    [InlineData("Library")]
    public void A_name_that_cannot_be_had_is_refused(string username) =>
        Assert.Equal("username", Assert.Single(AccountRules.Check(Good with { Username = username })).Field);

    [Theory]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("ana@example")]
    [InlineData("@example.org")]
    [InlineData("ana@@example.org")]
    [InlineData("an a@example.org")]
    [InlineData("ana@exa mple.org")]
    [InlineData("ana@example..org")]
    [InlineData("ana@example.org\n")]
    [InlineData("anä@example.org")]
    public void What_is_no_address_is_refused(string email) =>
        Assert.Equal("email", Assert.Single(AccountRules.Check(Good with { Email = email })).Field);

    [Fact]
    public void An_address_longer_than_mail_takes_is_refused() =>
        Assert.NotEmpty(AccountRules.Check(Good with { Email = $"ana@{new string('a', 247)}.org" }));

    [Theory]
    [InlineData("short12")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("Password1")]
    [InlineData("ANA_B.C-1")]
    [InlineData("Ana@Example.org")]
    public void A_password_that_anybody_would_try_is_refused(string password) =>
        Assert.Equal("password", Assert.Single(AccountRules.Check(Good with { Password = password })).Field);

    [Fact]
    public void A_password_with_half_a_character_is_refused() =>
        Assert.NotEmpty(AccountRules.Check(Good with { Password = "correct horse" + '\ud83d' }));

    [Fact]
    public void A_password_of_256_characters_is_the_longest()
    {
        var longest = string.Concat(Enumerable.Repeat("horse+battery=42", 16));

        Assert.Empty(AccountRules.Check(Good with { Password = longest }));
        Assert.NotEmpty(AccountRules.Check(Good with { Password = longest + "!" }));
    }

    [Fact]
    public void Each_field_at_fault_is_named() => Assert.Equal(
        ["username", "email", "password", "displayName"],
        AccountRules.Check(new RegisterAccount("", "", "", "\t")).Select(problem => problem.Field));

    [Theory]
    [InlineData("Ana", "username/ana")]
    [InlineData("ANA@Example.org", "email/ana@example.org")]
    [InlineData("", null)]
    [InlineData("anä", null)]
    public void A_log_in_names_one_claim(string login, string? claim) =>
        Assert.Equal(claim, AccountRules.LogInClaim(login));

    [Fact]
    public void No_log_holds_a_password() =>
        Assert.DoesNotContain(Good.Password, Good.ToString(), StringComparison.Ordinal);
}
