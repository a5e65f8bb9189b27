using IndiiMusic.Grains.Accounts;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Tests.Hosting;
using static IndiiMusic.Grains.Tests.Accounts.AccountsCluster;

namespace IndiiMusic.Grains.Tests.Accounts;

[Collection(AccountsCollection.Name)]
public sealed class RegistrationTests(AccountsCluster cluster)
{
    private static readonly TimeSpan LongerThanAReservation = TimeSpan.FromSeconds(11);

    [Fact]
    public async Task A_registered_user_has_a_profile_and_a_card()
    {
        var name = UniqueName("Ana");

        var profile = await cluster.Register(name, $"{name}@example.org");

        var user = cluster.Grains.GetGrain<IUserGrain>(profile.Id);
        Assert.Equal(profile, await user.GetProfile(Actor.User(profile.Id)));
        Assert.Equal(new UserCard(profile.Id, name, name), await user.FindCard());
    }

    [Fact]
    public async Task Of_simultaneous_registrations_of_one_name_exactly_one_wins()
    {
        var name = UniqueName("ana");
        var attempts = await Task.WhenAll(Enumerable.Range(0, 50).Select(index =>
            Attempt(cluster.Register(index % 2 == 0 ? name : name.ToUpperInvariant(), $"{name}.{index}@example.org"))));

        var winner = Assert.Single(attempts, attempt => attempt.Code is null).Result!;
        Assert.Equal(49, attempts.Count(attempt => attempt.Code == ErrorCode.UsernameTaken));
        Assert.Equal(winner.Id, (await cluster.LogIn(name)).UserId);
    }

    [Fact]
    public async Task Of_simultaneous_registrations_of_one_address_exactly_one_wins_and_the_losers_names_are_free()
    {
        var email = UniqueName("bo") + "@example.org";
        var names = Enumerable.Range(0, 30).Select(index => UniqueName($"b{index}-")).ToArray();
        var attempts = await Task.WhenAll(names.Select((name, index) =>
            Attempt(cluster.Register(name, index % 2 == 0 ? email : email.ToUpperInvariant()))));

        Assert.Single(attempts, attempt => attempt.Code is null);
        Assert.Equal(29, attempts.Count(attempt => attempt.Code == ErrorCode.EmailTaken));
        for (var index = 0; index < names.Length; index++)
        {
            if (attempts[index].Code is not null)
                await cluster.Register(names[index], UniqueName("again") + "@example.org");
        }
    }

    public static TheoryData<string, string?, WriteMoment> Crashes()
    {
        var crashes = new TheoryData<string, string?, WriteMoment>();
        foreach (var moment in Enum.GetValues<WriteMoment>())
        {
            crashes.Add("claim", "username/", moment);
            crashes.Add("claim", "email/", moment);
            crashes.Add("user", null, moment);
        }

        return crashes;
    }

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task A_registration_that_dies_half_way_blocks_no_name(
        string stateName, string? keyPrefix, WriteMoment moment)
    {
        var name = UniqueName("cleo");
        var email = $"{name}@example.org";
        var first = await WithFailingWrites(stateName, keyPrefix, moment, failures: 1, () =>
            Attempt(cluster.Register(name, email, "the first one's")));
        Assert.Equal(ErrorCode.StorageUnavailable, first.Code);

        cluster.Time.Advance(LongerThanAReservation);
        var second = await Attempt(cluster.Register(name, email, "the second one's"));

        // Only a user document that was written makes the first one exist.
        var firstExists = stateName == "user" && moment == WriteMoment.After;
        Assert.Equal(firstExists ? ErrorCode.UsernameTaken : null, second.Code);
        Assert.Equal(firstExists ? null : ErrorCode.InvalidCredentials, await LogInFailure("the first one's"));
        Assert.Equal(firstExists ? ErrorCode.InvalidCredentials : null, await LogInFailure("the second one's"));

        async Task<ErrorCode?> LogInFailure(string password) => (await Attempt(cluster.LogIn(email, password))).Code;
    }

    [Fact]
    public async Task A_registration_whose_claims_cannot_be_confirmed_succeeds_and_keeps_its_names()
    {
        var name = UniqueName("dora");
        var writes = 0;
        cluster.Storage.OnWrite = (stateName, _, moment) =>
        {
            // The first two writes of claims reserve, the later ones confirm.
            if (stateName == "claim" && moment == WriteMoment.Before && Interlocked.Increment(ref writes) > 2)
                throw Unavailable();
        };
        try
        {
            await cluster.Register(name, $"{name}@example.org");
        }
        finally
        {
            cluster.Storage.OnWrite = (_, _, _) => { };
        }

        cluster.Time.Advance(LongerThanAReservation);
        var sameName = await Attempt(cluster.Register(name, UniqueName("dora") + "@example.org"));
        var sameEmail = await Attempt(cluster.Register(UniqueName("dora"), $"{name}@example.org"));

        Assert.Equal(ErrorCode.UsernameTaken, sameName.Code);
        Assert.Equal(ErrorCode.EmailTaken, sameEmail.Code);
        await cluster.LogIn(name);
    }

    [Fact]
    public async Task A_registration_that_stalled_past_its_reservation_cannot_succeed_any_more()
    {
        var name = UniqueName("eve");
        var stalled = Guid.CreateVersion7();
        var claim = cluster.Grains.GetGrain<IClaimGrain>(AccountRules.UsernameClaim(name));
        Assert.True(await claim.Reserve(stalled));
        Assert.Equal(
            ErrorCode.UsernameTaken, (await Attempt(cluster.Register(name, $"{name}@example.org"))).Code);

        cluster.Time.Advance(LongerThanAReservation);
        var profile = await cluster.Register(name, $"{name}@example.org");

        var late = cluster.Grains.GetGrain<IRegistrantGrain>(stalled)
            .Create(new NewUser(name, "late@example.org", name, "hash", cluster.Time.GetUtcNow()));
        Assert.Equal(ErrorCode.WriteConflict, (await Attempt(late)).Code);
        Assert.False(await claim.Confirm(stalled));
        Assert.Equal(profile.Id, await claim.FindHolder());
    }

    [Fact]
    public async Task The_first_account_holds_its_claim_for_good()
    {
        await cluster.Register(UniqueName("first"), UniqueName("first") + "@example.org");
        var claim = cluster.Grains.GetGrain<IClaimGrain>(IClaimGrain.FirstAccountKey);
        var holder = await claim.FindHolder();

        cluster.Time.Advance(LongerThanAReservation);
        var second = await cluster.Register(UniqueName("second"), UniqueName("second") + "@example.org");

        Assert.NotNull(holder);
        Assert.NotEqual(second.Id, holder);
        Assert.Equal(holder, await claim.FindHolder());
    }

    [Fact]
    public async Task The_library_has_a_card_and_its_name_cannot_be_taken()
    {
        var card = await cluster.Grains.GetGrain<IUserGrain>(WellKnownUsers.Library).FindCard();
        var taken = await Attempt(cluster.Register("Library", UniqueName("lib") + "@example.org"));

        Assert.Equal("Library", card!.DisplayName);
        Assert.Equal(ErrorCode.InvalidRequest, taken.Code);
    }

    [Fact]
    public async Task A_profile_is_its_owners_alone()
    {
        var name = UniqueName("fay");
        var profile = await cluster.Register(name, $"{name}@example.org");
        var user = cluster.Grains.GetGrain<IUserGrain>(profile.Id);

        var changed = await user.ChangeProfile(Actor.User(profile.Id), new ProfileChanges("Fay W."));
        var foreign = await Attempt(user.GetProfile(Actor.User(Guid.CreateVersion7())));
        var anonymous = await Attempt(user.ChangeProfile(Actor.Anonymous, new ProfileChanges("Mallory")));
        var empty = await Attempt(user.ChangeProfile(Actor.User(profile.Id), new ProfileChanges(" ")));

        Assert.Equal("Fay W.", changed.DisplayName);
        Assert.Equal(ErrorCode.NotFound, foreign.Code);
        Assert.Equal(ErrorCode.Unauthenticated, anonymous.Code);
        Assert.Equal(ErrorCode.InvalidRequest, empty.Code);
    }

    private async Task<T> WithFailingWrites<T>(
        string stateName, string? keyPrefix, WriteMoment moment, int failures, Func<Task<T>> work)
    {
        var left = failures;
        cluster.Storage.OnWrite = (name, grainId, at) =>
        {
            var isMeant = name == stateName
                && at == moment
                && (keyPrefix is null || grainId.Key.ToString()!.StartsWith(keyPrefix, StringComparison.Ordinal));
            if (isMeant && Interlocked.Decrement(ref left) >= 0)
                throw Unavailable();
        };
        try
        {
            return await work();
        }
        finally
        {
            cluster.Storage.OnWrite = (_, _, _) => { };
        }
    }

    private static IndiiException Unavailable() => new(ErrorCode.StorageUnavailable, "The disk is out.");
}
