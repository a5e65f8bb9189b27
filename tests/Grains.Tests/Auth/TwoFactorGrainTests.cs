using System.Collections.Immutable;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Tests.Accounts;
using OtpNet;
using static IndiiMusic.Grains.Tests.Accounts.AccountsCluster;

namespace IndiiMusic.Grains.Tests.Auth;

[Collection(AccountsCollection.Name)]
public sealed class TwoFactorGrainTests(AccountsCluster cluster)
{
    [Fact]
    public async Task A_code_sent_many_times_at_once_lets_one_in_and_the_rest_lock()
    {
        var (name, secret, _) = await TurnOnAsync("lea");
        var code = CodeAt(secret, 1);

        var attempts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LogIn(name, code)));

        Assert.Equal(1, attempts.Count(attempt => attempt.Result is not null));
        Assert.Equal(5, attempts.Count(attempt => attempt.Code == ErrorCode.InvalidCredentials));
        Assert.Equal(14, attempts.Count(attempt => attempt.Code == ErrorCode.RateLimited));
    }

    [Fact]
    public async Task A_lock_outlives_the_activation_and_ends_by_the_clock()
    {
        var (name, secret, _) = await TurnOnAsync("max");
        for (var i = 0; i < 5; i++)
            Assert.Equal(ErrorCode.InvalidCredentials, (await LogIn(name, "000000x")).Code);
        await cluster.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        var locked = await LogIn(name, CodeAt(secret, 1));
        cluster.Time.Advance(TimeSpan.FromMinutes(1));
        var after = await LogIn(name, CodeAt(secret, 0));

        Assert.Equal(ErrorCode.RateLimited, locked.Code);
        Assert.NotNull(after.Result);
    }

    [Fact]
    public async Task A_proof_lasts_five_minutes()
    {
        var name = UniqueName("nia");
        await cluster.Register(name, $"{name}@example.org");
        var session = await cluster.LogIn(name);
        var actor = Actor.User(session.UserId);
        var factor = cluster.Grains.GetGrain<ITwoFactorGrain>(session.UserId);
        await StepUp(session);

        cluster.Time.Advance(TimeSpan.FromMinutes(AuthLimits.ProofMinutes) - TimeSpan.FromSeconds(30));
        var early = await Attempt(factor.Begin(actor, session.SessionId));
        cluster.Time.Advance(TimeSpan.FromSeconds(31));
        var late = await Attempt(factor.Begin(actor, session.SessionId));

        Assert.NotNull(early.Result);
        Assert.Equal(ErrorCode.StepUpRequired, late.Code);
    }

    [Fact]
    public async Task Nobody_sees_or_changes_anothers_factor()
    {
        var (_, _, owner) = await TurnOnAsync("ole");
        var other = Actor.User(Guid.CreateVersion7());
        var factor = cluster.Grains.GetGrain<ITwoFactorGrain>(owner.UserId);
        var tokens = cluster.Grains.GetGrain<IPersonalTokensGrain>(owner.UserId);

        Assert.Equal(ErrorCode.NotFound, (await Attempt(factor.GetStatus(other))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Attempt(factor.ForgetDevices(other, null))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Attempt(factor.ReplaceRecoveryCodes(other, owner.SessionId))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Attempt(tokens.List(other))).Code);
        Assert.Equal(ErrorCode.NotFound, (await Attempt(tokens.Revoke(other, Guid.Empty))).Code);
        var wanted = new NewPersonalToken("theirs", ImmutableArray.Create("profile"));
        Assert.Equal(ErrorCode.NotFound, (await Attempt(tokens.Create(other, owner.SessionId, wanted))).Code);
    }

    private string CodeAt(byte[] secret, int stepsOff) =>
        SecondFactorDecisions.CodeOf(secret, SecondFactorDecisions.StepOf(cluster.Time.GetUtcNow()) + stepsOff);

    private Task<(SessionTokens? Result, ErrorCode? Code)> LogIn(string name, string code) => Attempt(
        cluster.Grains.GetGrain<ILogInGrain>(ILogInGrain.Key)
            .LogIn(new Credentials(name, "correct horse", new SecondFactorAttempt(code))));

    private Task StepUp(SessionTokens session) => cluster.Grains.GetGrain<ILogInGrain>(ILogInGrain.Key)
        .StepUp(new ProofOfUser(session.UserId, session.SessionId, "correct horse"));

    private async Task<(string Name, byte[] Secret, SessionTokens Session)> TurnOnAsync(string prefix)
    {
        var name = UniqueName(prefix);
        await cluster.Register(name, $"{name}@example.org");
        var session = await cluster.LogIn(name);
        await StepUp(session);
        var actor = Actor.User(session.UserId);
        var factor = cluster.Grains.GetGrain<ITwoFactorGrain>(session.UserId);
        var secret = Base32Encoding.ToBytes((await factor.Begin(actor, session.SessionId)).Secret);
        await factor.Confirm(actor, CodeAt(secret, 0));
        return (name, secret, session);
    }
}
