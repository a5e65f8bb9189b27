using IndiiMusic.Grains.Accounts;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Auth;

/// <summary>Checks passwords and starts sessions, taking the same steps whether or not the user exists.</summary>
[GrainType("log-in")]
[StatelessWorker]
[Reentrant]
internal sealed partial class LogInGrain(
    PasswordHashing passwords,
    TimeProvider time,
    AuditLog audit,
    ILogger<LogInGrain> logger) : Grain, ILogInGrain
{
    private static readonly AuditDetails WrongPassword = new() { Reason = "invalid_credentials" };

    public async Task<SessionTokens> LogIn(Credentials credentials, CancellationToken cancellationToken)
    {
        if (credentials.Password.Length > AccountLimits.PasswordLengthMax)
        {
            audit.Write(AuditAction.LogIn, AuditOutcome.Failure, details: WrongPassword);
            throw WrongCredentials();
        }

        var userId = await FindUser(credentials.Login);
        var user = GrainFactory.GetGrain<IRegistrantGrain>(userId);
        var hash = await user.FindPasswordHash();
        var verdict = await passwords.Verify(hash, credentials.Password, cancellationToken);
        if (verdict == PasswordVerificationResult.Failed)
        {
            audit.Write(AuditAction.LogIn, AuditOutcome.Failure, userId == Guid.Empty ? null : userId, WrongPassword);
            throw WrongCredentials();
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            await Rehash(user, hash!, credentials.Password, cancellationToken);

        var deviceToken = await PassSecondFactor(
            AuditAction.LogIn, userId, credentials.Second, details: null, WrongCredentials);
        await SettleFirstAdministrator(userId);
        var sessionId = Guid.CreateVersion7(time.GetUtcNow());
        var tokens = await GrainFactory.GetGrain<ISessionGrain>(sessionId).Start(userId, credentials.Session);
        audit.Write(AuditAction.LogIn, AuditOutcome.Success, userId, new AuditDetails { SessionId = sessionId });
        return tokens with { DeviceToken = deviceToken };
    }

    public async Task StepUp(ProofOfUser proof, CancellationToken cancellationToken)
    {
        var session = new AuditDetails { SessionId = proof.SessionId };
        var user = GrainFactory.GetGrain<IRegistrantGrain>(proof.UserId);
        var isKnown = proof.Password.Length <= AccountLimits.PasswordLengthMax
            && await passwords.Verify(await user.FindPasswordHash(), proof.Password, cancellationToken)
                != PasswordVerificationResult.Failed;
        if (!isKnown)
        {
            audit.Write(
                AuditAction.StepUp,
                AuditOutcome.Failure,
                proof.UserId,
                session with { Reason = "invalid_credentials" });
            throw WrongProof();
        }

        await PassSecondFactor(
            AuditAction.StepUp, proof.UserId, new SecondFactorAttempt(proof.Code), session, WrongProof);
        if (!await GrainFactory.GetGrain<ISessionGrain>(proof.SessionId).Prove(proof.UserId))
            throw new IndiiException(ErrorCode.Unauthenticated, "The session has ended. Log in again.");
        audit.Write(AuditAction.StepUp, AuditOutcome.Success, proof.UserId, session);
    }

    private static IndiiException WrongProof() =>
        new(ErrorCode.InvalidCredentials, "The password or the code is wrong.");

    private static IndiiException WrongCredentials() =>
        new(ErrorCode.InvalidCredentials, "The user name, e-mail address, password or code is wrong.");

    /// <summary>Lets whoever has no second factor pass, or shows it. To be asked after the password.</summary>
    /// <returns>The token of a device that is remembered from now on, or null.</returns>
    private async Task<string?> PassSecondFactor(
        AuditAction action,
        Guid userId,
        SecondFactorAttempt? attempt,
        AuditDetails? details,
        Func<IndiiException> wrong)
    {
        var factor = GrainFactory.GetGrain<ISecondFactorGrain>(userId);
        var answer = await factor.Pass(attempt ?? new SecondFactorAttempt(Code: null));
        var (reason, refusal) = answer.Outcome switch
        {
            SecondFactorOutcome.Missing => (
                "second_factor_required",
                new IndiiException(
                    ErrorCode.SecondFactorRequired, "Send a code of the second factor, or a recovery code, as well.")),
            SecondFactorOutcome.Wrong => ("second_factor_wrong", wrong()),
            SecondFactorOutcome.Locked => ("second_factor_locked", TwoFactorGrain.Locked(answer.LockedFor!.Value)),
            _ => (null, null),
        };
        if (refusal is null)
            return answer.DeviceToken;

        audit.Write(action, AuditOutcome.Failure, userId, (details ?? new AuditDetails()) with { Reason = reason });
        throw refusal;
    }

    /// <summary>Who may be meant; a user that does not exist where nobody is.</summary>
    private async Task<Guid> FindUser(string login)
    {
        var claim = AccountRules.LogInClaim(login) ?? AccountRules.UsernameClaim("nobody at all");
        return await GrainFactory.GetGrain<IClaimGrain>(claim).FindHolder() ?? Guid.Empty;
    }

    /// <summary>
    /// Whose account was the first is an administrator. Log-in sees to it because it comes after whatever may have gone
    /// wrong when the account was made, and in installations that are older than roles as well.
    /// </summary>
    private async Task SettleFirstAdministrator(Guid userId)
    {
        if (await GrainFactory.GetGrain<IClaimGrain>(IClaimGrain.FirstAccountKey).FindHolder() == userId)
            await GrainFactory.GetGrain<IFirstAdministratorGrain>(IRolesGrain.Key).Settle(userId);
    }

    /// <summary>Failing to raise a hash's cost must not keep its owner out.</summary>
    private async Task Rehash(
        IRegistrantGrain user, string hash, string password, CancellationToken cancellationToken)
    {
        try
        {
            await user.ReplacePasswordHash(hash, await passwords.Hash(password, cancellationToken));
        }
        catch (IndiiException failure)
        {
            LogRehashFailed(user.GetPrimaryKey(), failure);
        }
    }
}
