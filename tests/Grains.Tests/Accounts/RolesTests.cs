using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Tests.Hosting;
using static IndiiMusic.Grains.Tests.Accounts.AccountsCluster;

namespace IndiiMusic.Grains.Tests.Accounts;

/// <summary>Roles on silos of their own, as there is one list of administrators in each installation.</summary>
public sealed class RolesTests : IClassFixture<AccountsCluster>
{
    private const Roles Administrator = Roles.Ordinary | Roles.Administrator;

    private static readonly Actor Manager = new(Guid.CreateVersion7(), Permissions: Permissions.ManageUsers);

    private readonly AccountsCluster _cluster;

    public RolesTests(AccountsCluster cluster) => _cluster = cluster;

    private IRolesGrain Giver => _cluster.Grains.GetGrain<IRolesGrain>(IRolesGrain.Key);

    [Fact]
    public async Task The_first_account_is_administrator_once_it_logs_in_and_the_last_one_stays_whatever_breaks()
    {
        var (first, firstName) = await RegisterAsync();
        var (second, secondName) = await RegisterAsync();
        await _cluster.LogIn(secondName);
        Assert.Equal(Roles.Ordinary, await RolesOf(first));

        // Dying after the user was made administrator and before that was noted: the next log-in makes up for it.
        await FailingAsync("administrators", () => _cluster.LogIn(firstName));
        Assert.Equal(Administrator, await RolesOf(first));
        Assert.Equal(ErrorCode.LastAdministrator, (await Attempt(Giver.Set(Manager, first, Roles.Ordinary))).Code);
        await _cluster.LogIn(firstName);
        Assert.Equal(Roles.Ordinary, await RolesOf(second));
        Assert.Equal(ErrorCode.LastAdministrator, (await Attempt(Giver.Set(Manager, first, Roles.None))).Code);

        // Somebody else who was merely about to become one does not count.
        await FailingAsync("user", () => Giver.Set(Manager, second, Administrator));
        Assert.Equal(ErrorCode.LastAdministrator, (await Attempt(Giver.Set(Manager, first, Roles.Ordinary))).Code);
        await FailingAsync("administrators", () => Giver.Set(Manager, second, Administrator));
        Assert.Equal(ErrorCode.LastAdministrator, (await Attempt(Giver.Set(Manager, first, Roles.Ordinary))).Code);

        Assert.Equal(Administrator, await Giver.Set(Manager, second, Administrator));
        Assert.Equal(Roles.Ordinary, await Giver.Set(Manager, first, Roles.Ordinary));
        Assert.Equal(ErrorCode.LastAdministrator, (await Attempt(Giver.Set(Manager, second, Roles.Ordinary))).Code);

        // What an administrator decided, no log-in undoes.
        await _cluster.LogIn(firstName);
        Assert.Equal(Roles.Ordinary, await RolesOf(first));
        Assert.Equal(ErrorCode.Forbidden, (await Attempt(Giver.Set(Actor.User(first), first, Administrator))).Code);
    }

    private async Task FailingAsync(string state, Func<Task> attempt)
    {
        _cluster.Storage.OnWrite = (stateName, _, moment) =>
        {
            if (stateName == state && moment == WriteMoment.Before)
                throw new IndiiException(ErrorCode.StorageUnavailable, "The disk is out.");
        };
        try
        {
            await Assert.ThrowsAnyAsync<Exception>(attempt);
        }
        finally
        {
            _cluster.Storage.OnWrite = (_, _, _) => { };
        }
    }

    private async Task<(Guid Id, string Name)> RegisterAsync()
    {
        var name = UniqueName("ana");
        return ((await _cluster.Register(name, $"{name}@example.org")).Id, name);
    }

    private async Task<Roles?> RolesOf(Guid userId) =>
        await _cluster.Grains.GetGrain<IUserGrain>(userId).FindRoles();
}
