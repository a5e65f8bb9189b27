using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Accounts;

/// <summary>
/// Changes roles one after the other. An administrator is one first and stands in the list then, and reversely when
/// they cease to be one: whatever a crash leaves behind, those in the list are administrators.
/// </summary>
[GrainType("roles")]
internal sealed class RolesGrain(
    [PersistentState("administrators")] IPersistentState<AdministratorsState> store,
    AuditLog audit) : Grain, IRolesGrain, IFirstAdministratorGrain
{
    private AdministratorsState State => store.State;

    public async Task<Roles> Set(Actor actor, Guid userId, Roles roles)
    {
        actor.Require(Permissions.ManageUsers);
        var user = GrainFactory.GetGrain<IUserGrain>(userId);
        if (await user.FindRoles() is not { } present)
            throw IndiiException.NotFound("user");

        if (roles.HasFlag(Roles.Administrator))
            RequireRoom(userId);
        else if (present.HasFlag(Roles.Administrator))
            await Unlist(actor, userId);
        await GrainFactory.GetGrain<IRegistrantGrain>(userId).SetRoles(roles);
        if (roles.HasFlag(Roles.Administrator))
            await List(userId);

        var names = string.Join(' ', Rights.Names(roles));
        audit.Write(AuditAction.RolesChanged, AuditOutcome.Success, actor.UserId, new AuditDetails
        {
            TargetUserId = userId,
            Role = names.Length == 0 ? "none" : names,
        });
        return roles;
    }

    public async Task Settle(Guid userId)
    {
        var roles = await GrainFactory.GetGrain<IRegistrantGrain>(userId)
            .SettleRoles(Roles.Ordinary | Roles.Administrator);
        if (roles.HasFlag(Roles.Administrator))
            await List(userId);
    }

    private async Task List(Guid userId)
    {
        if (!State.UserIds.Contains(userId))
            await store.Write(State with { UserIds = State.UserIds.Add(userId) });
    }

    private void RequireRoom(Guid userId)
    {
        if (State.UserIds.Length >= AccountLimits.AdministratorsMax && !State.UserIds.Contains(userId))
        {
            throw new IndiiException(
                ErrorCode.LimitExceeded, $"There may be {AccountLimits.AdministratorsMax} administrators at most.");
        }
    }

    private async Task Unlist(Actor actor, Guid userId)
    {
        var others = State.UserIds.Remove(userId);
        if (others.IsEmpty)
        {
            audit.Write(AuditAction.RolesChanged, AuditOutcome.Failure, actor.UserId, new AuditDetails
            {
                TargetUserId = userId,
                Reason = IndiiException.WireName(ErrorCode.LastAdministrator),
            });
            throw new IndiiException(
                ErrorCode.LastAdministrator, "This is the only administrator. Make somebody else one first.");
        }

        if (others.Length < State.UserIds.Length)
            await store.Write(State with { UserIds = others });
    }
}
