using CsCheck;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Tests.Auth;

public sealed class PersonalTokenDecisionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_is_good_from_its_making_to_its_end_and_no_other_ever_is()
    {
        Gen.Select(Gen.Int[1, AuthLimits.PersonalTokenDaysMax], Gen.Int[0, 800]).Sample((days, later) =>
        {
            var token = NewToken(1);
            var wanted = new NewPersonalToken("script", ["playlists:read"], Now + TimeSpan.FromDays(days));
            var (state, entry) = PersonalTokenDecisions.Create(new(), wanted, Guid.CreateVersion7(), token, Now);
            var then = Now + TimeSpan.FromDays(later);

            var found = PersonalTokenDecisions.Find(state, token.Hash(), then);

            Assert.Equal(later < days ? entry : null, found);
            Assert.Equal(found, PersonalTokenDecisions.Find(state, entry.Id, then));
            Assert.Null(PersonalTokenDecisions.Find(state, NewToken(2).Hash(), then));
            Assert.Null(PersonalTokenDecisions.Find(state, "", then));
        });
    }

    [Fact]
    public void Without_an_end_a_token_ends_after_the_default()
    {
        var (_, entry) = PersonalTokenDecisions.Create(
            new(), new NewPersonalToken("script", ["profile"]), Guid.CreateVersion7(), NewToken(1), Now);

        Assert.Equal(Now + TimeSpan.FromDays(AuthLimits.PersonalTokenDaysDefault), entry.ExpiresAt);
        Assert.Equal(4, entry.LastCharacters.Length);
        Assert.EndsWith(entry.LastCharacters, NewToken(1).Encode());
    }

    [Theory]
    [InlineData("", 1, "name")]
    [InlineData("   ", 1, "name")]
    [InlineData("script", 0, "expiresAt")]
    [InlineData("script", -1, "expiresAt")]
    [InlineData("script", AuthLimits.PersonalTokenDaysMax + 1, "expiresAt")]
    public void What_cannot_be_is_named(string name, int days, string field)
    {
        var wanted = new NewPersonalToken(name, ["profile"], Now + TimeSpan.FromDays(days));

        var failure = Assert.Throws<IndiiException>(
            () => PersonalTokenDecisions.Create(new(), wanted, Guid.CreateVersion7(), NewToken(1), Now));

        Assert.Equal(field, Assert.Single(failure.Fields).Field);
    }

    [Fact]
    public void There_are_at_most_so_many_and_expired_ones_do_not_count()
    {
        var state = new PersonalTokensState();
        for (var i = 0; i < AuthLimits.PersonalTokensMax; i++)
            (state, _) = PersonalTokenDecisions.Create(state, Wanted(Now), Guid.CreateVersion7(), NewToken(i), Now);

        var failure = Assert.Throws<IndiiException>(
            () => PersonalTokenDecisions.Create(state, Wanted(Now), Guid.CreateVersion7(), NewToken(99), Now));
        var later = Now + TimeSpan.FromDays(2);
        var (next, _) = PersonalTokenDecisions.Create(state, Wanted(later), Guid.CreateVersion7(), NewToken(99), later);

        Assert.Equal(ErrorCode.LimitExceeded, failure.Code);
        Assert.Single(next.Tokens);
    }

    [Fact]
    public void A_use_is_noted_to_the_hour_and_not_again_in_it()
    {
        var (state, entry) = PersonalTokenDecisions.Create(new(), Wanted(Now), Guid.CreateVersion7(), NewToken(1), Now);

        var used = PersonalTokenDecisions.Use(state, entry, Now);
        var again = PersonalTokenDecisions.Use(used, used.Tokens[0], Now + TimeSpan.FromMinutes(44));
        var later = PersonalTokenDecisions.Use(used, used.Tokens[0], Now + TimeSpan.FromMinutes(45));

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero), used.Tokens[0].LastUsedAt);
        Assert.Same(used, again);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero), later.Tokens[0].LastUsedAt);
    }

    private static NewPersonalToken Wanted(DateTimeOffset now) =>
        new("script", ["profile"], now + TimeSpan.FromDays(1));

    private static PersonalToken NewToken(int number)
    {
        var secret = new byte[PersonalToken.SecretBytes];
        BitConverter.TryWriteBytes(secret, number);
        return new PersonalToken(Guid.Empty, secret);
    }
}
