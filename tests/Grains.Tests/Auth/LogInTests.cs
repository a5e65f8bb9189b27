using IndiiMusic.Grains.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Tests.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using static IndiiMusic.Grains.Tests.Accounts.AccountsCluster;

namespace IndiiMusic.Grains.Tests.Auth;

[Collection(AccountsCollection.Name)]
public sealed class LogInTests(AccountsCluster cluster)
{
    [Fact]
    public async Task Name_and_address_both_log_in_in_any_case()
    {
        var name = UniqueName("gus");
        var profile = await cluster.Register(name, $"{name}@example.org");

        var byName = await cluster.LogIn(name.ToUpperInvariant());
        var byEmail = await cluster.LogIn($"{name}@Example.ORG");

        Assert.Equal(profile.Id, byName.UserId);
        Assert.Equal(profile.Id, byEmail.UserId);
        Assert.NotEqual(byName.SessionId, byEmail.SessionId);
    }

    [Theory]
    [InlineData("{name}", "wrong horse")]
    [InlineData("{name}", "")]
    [InlineData("nobody", "correct horse")]
    [InlineData("nobody@example.org", "correct horse")]
    [InlineData("", "correct horse")]
    [InlineData("nöbody", "correct horse")]
    public async Task Whatever_is_wrong_the_answer_is_the_same(string login, string password)
    {
        var name = UniqueName("hal");
        await cluster.Register(name, $"{name}@example.org");

        var attempt = await Attempt(cluster.LogIn(login.Replace("{name}", name, StringComparison.Ordinal), password));

        Assert.Equal(ErrorCode.InvalidCredentials, attempt.Code);
    }

    [Fact]
    public async Task A_hash_of_lower_cost_is_raised_at_log_in()
    {
        var name = UniqueName("ida");
        var profile = await cluster.Register(name, $"{name}@example.org");
        var user = cluster.Grains.GetGrain<IRegistrantGrain>(profile.Id);
        var cheap = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }))
            .HashPassword(new object(), "correct horse");
        await user.ReplacePasswordHash((await user.FindPasswordHash())!, cheap);

        await cluster.LogIn(name);
        var raised = await user.FindPasswordHash();
        await cluster.LogIn(name);

        Assert.NotEqual(cheap, raised);
        Assert.Equal(raised, await user.FindPasswordHash());
    }

    [Fact]
    public async Task A_session_rotates_until_it_is_ended()
    {
        var name = UniqueName("jo");
        await cluster.Register(name, $"{name}@example.org");
        var start = await cluster.LogIn(name);
        var session = cluster.Grains.GetGrain<ISessionGrain>(start.SessionId);

        var first = await session.Refresh(start.RefreshToken);
        var second = await session.Refresh(first.Tokens!.RefreshToken);
        Assert.True(await session.IsActive(start.UserId));
        Assert.False(await session.IsActive(Guid.CreateVersion7()));
        await session.End(start.UserId);

        Assert.Equal(RefreshOutcome.Refreshed, second.Outcome);
        Assert.False(await session.IsActive(start.UserId));
        Assert.Equal(RefreshOutcome.Refused, (await session.Refresh(second.Tokens!.RefreshToken)).Outcome);
    }

    [Fact]
    public async Task A_token_sent_many_times_at_once_ends_the_session()
    {
        var name = UniqueName("kim");
        await cluster.Register(name, $"{name}@example.org");
        var start = await cluster.LogIn(name);
        var session = cluster.Grains.GetGrain<ISessionGrain>(start.SessionId);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => session.Refresh(start.RefreshToken)));

        Assert.Equal(2, results.Count(result => result.Outcome == RefreshOutcome.Refreshed));
        Assert.Equal(1, results.Count(result => result.Outcome == RefreshOutcome.Reused));
        Assert.False(await session.IsActive(start.UserId));
    }
}
