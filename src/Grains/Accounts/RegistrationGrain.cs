using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Accounts;

/// <summary>
/// Reserves the names, makes the user, confirms the names. Dying anywhere between leaves reservations that settle
/// themselves: see <see cref="IClaimGrain"/>.
/// </summary>
[GrainType("registration")]
[StatelessWorker]
[Reentrant]
internal sealed partial class RegistrationGrain(
    PasswordHashing passwords,
    TimeProvider time,
    AuditLog audit,
    ILogger<RegistrationGrain> logger) : Grain, IRegistrationGrain
{
    public async Task<UserProfile> Register(RegisterAccount registration, CancellationToken cancellationToken)
    {
        if (AccountRules.Check(registration) is { IsEmpty: false } problems)
            throw IndiiException.Invalid(problems);

        // The slow part comes first, so that reservations stand for milliseconds only.
        var passwordHash = await passwords.Hash(registration.Password, cancellationToken);
        var now = time.GetUtcNow();
        var userId = Guid.CreateVersion7(now);
        var username = Claim(AccountRules.UsernameClaim(registration.Username));
        var email = Claim(AccountRules.EmailClaim(registration.Email));
        await ReserveNames(userId, username, email);

        // Should this fail, the user may exist all the same, so the names stay reserved until somebody asks for them.
        var profile = await GrainFactory.GetGrain<IRegistrantGrain>(userId).Create(new NewUser(
            registration.Username,
            registration.Email,
            registration.DisplayName?.Trim() ?? registration.Username,
            passwordHash,
            now));
        audit.Write(AuditAction.AccountRegistered, AuditOutcome.Success, userId);

        await Settle(userId, username.Confirm(userId));
        await Settle(userId, email.Confirm(userId));
        await Settle(userId, TakeFirstAccount(userId));
        return profile;
    }

    private static async Task ReserveNames(Guid userId, IClaimGrain username, IClaimGrain email)
    {
        if (!await username.Reserve(userId))
            throw new IndiiException(ErrorCode.UsernameTaken, "This user name is taken.");

        if (!await email.Reserve(userId))
        {
            await username.Release(userId);
            throw new IndiiException(ErrorCode.EmailTaken, "This e-mail address is taken.");
        }
    }

    private async Task<bool> TakeFirstAccount(Guid userId)
    {
        var first = Claim(IClaimGrain.FirstAccountKey);
        return await first.Reserve(userId) && await first.Confirm(userId);
    }

    /// <summary>The user exists, so failing to confirm is no failure to register: the claim does it later.</summary>
    private async Task Settle(Guid userId, Task<bool> confirmation)
    {
        try
        {
            await confirmation;
        }
        catch (Exception failure)
        {
            LogConfirmationFailed(userId, failure);
        }
    }

    private IClaimGrain Claim(string key) => GrainFactory.GetGrain<IClaimGrain>(key);
}
