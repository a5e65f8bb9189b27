using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Accounts;

/// <summary>One person's account.</summary>
[GrainType("user")]
internal sealed class UserGrain([PersistentState("user")] IPersistentState<UserState> store, AuditLog audit)
    : Grain, IUserGrain, IRegistrantGrain
{
    private Guid UserId => this.GetPrimaryKey();

    private UserState State => store.State;

    private Roles PresentRoles => State.Roles is null ? Roles.Ordinary : Rights.ParseRoles(State.Roles);

    private bool Exists => State.Username is not null;

    public Task<UserCard?> FindCard() => Task.FromResult(
        Exists ? new UserCard(UserId, State.Username!, State.DisplayName!) : WellKnownUsers.FindCard(UserId));

    public Task<Roles?> FindRoles() => Task.FromResult<Roles?>(Exists ? PresentRoles : null);

    public Task<UserProfile> GetProfile(Actor actor)
    {
        RequireSelf(actor);
        return Task.FromResult(Profile());
    }

    public async Task<UserProfile> ChangeProfile(Actor actor, ProfileChanges changes)
    {
        RequireSelf(actor);
        if (changes.DisplayName is { } name && AccountRules.CheckDisplayName(name) is { } problem)
            throw IndiiException.Invalid([new FieldError("displayName", problem)]);

        await store.Write(State with
        {
            DisplayName = changes.DisplayName?.Trim() ?? State.DisplayName,
            Avatar = changes.Avatar ?? State.Avatar,
        });
        audit.Write(AuditAction.ProfileChanged, AuditOutcome.Success, UserId);
        return Profile();
    }

    public async Task<UserProfile> Create(NewUser user)
    {
        if (Exists || State.IsAbandoned)
        {
            throw new IndiiException(
                ErrorCode.WriteConflict, "The registration took too long and was given up. Send it again.");
        }

        await store.Write(new UserState
        {
            Username = user.Username,
            Email = user.Email,
            DisplayName = user.DisplayName,
            PasswordHash = user.PasswordHash,
            CreatedAt = user.CreatedAt,
        });
        return Profile();
    }

    public async Task<bool> SettleRegistration()
    {
        // The mark must lie in storage: it makes the first write of any other activation of this id fail.
        if (!Exists && !State.IsAbandoned)
            await store.Write(new UserState { IsAbandoned = true });

        return Exists;
    }

    public Task SetRoles(Roles roles) => store.Write(State with { Roles = string.Join(' ', Rights.Names(roles)) });

    public async Task<Roles> SettleRoles(Roles roles)
    {
        if (Exists && State.Roles is null)
            await SetRoles(roles);
        return PresentRoles;
    }

    public Task<string?> FindPasswordHash() => Task.FromResult(State.PasswordHash);

    public async Task ReplacePasswordHash(string present, string next)
    {
        if (State.PasswordHash == present)
            await store.Write(State with { PasswordHash = next });
    }

    private void RequireSelf(Actor actor)
    {
        if (actor.RequireUser() != UserId || !Exists)
            throw IndiiException.NotFound("user");
        actor.Require(Permissions.Profile);
    }

    private UserProfile Profile() =>
        new(UserId, State.Username!, State.Email!, State.DisplayName!, State.CreatedAt, State.Avatar, PresentRoles);
}
