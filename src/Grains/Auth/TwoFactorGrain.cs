using System.Collections.Immutable;
using System.Security.Cryptography;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using OtpNet;

namespace IndiiMusic.Grains.Auth;

/// <summary>The second factor of one user.</summary>
[GrainType("two-factor")]
internal sealed class TwoFactorGrain(
    [PersistentState("two-factor")] IPersistentState<TwoFactorState> store,
    SecretEncryption encryption,
    TimeProvider time,
    AuditLog audit) : Grain, ITwoFactorGrain, ISecondFactorGrain
{
    // As RFC 4226 recommends.
    private const int SecretBytes = 20;

    private Guid UserId => this.GetPrimaryKey();

    private bool IsOn => store.State.Secret is not null;

    public Task<TwoFactorView> GetStatus(Actor actor)
    {
        RequireSelf(actor);
        var now = time.GetUtcNow();
        return Task.FromResult(new TwoFactorView(
            store.State.OnSince,
            store.State.RecoveryHashes.Length,
            [.. store.State.Devices.Where(device => now < device.ExpiresAt).Select(device =>
                new RememberedDeviceView(device.Id, device.Name, device.CreatedAt, device.ExpiresAt))]));
    }

    public async Task<TwoFactorSecret> Begin(Actor actor, Guid sessionId)
    {
        RequireSelf(actor);
        await GrainFactory.RequireProof(UserId, sessionId);
        if (IsOn)
            throw new IndiiException(ErrorCode.Conflict, "The second factor is on. Turn it off first.");

        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        await store.Write(store.State with
        {
            PendingSecret = encryption.Encrypt(secret, UserId),
            PendingSince = time.GetUtcNow(),
        });
        return new TwoFactorSecret(Base32Encoding.ToString(secret));
    }

    public async Task<RecoveryCodes> Confirm(Actor actor, string code)
    {
        RequireSelf(actor);
        var now = time.GetUtcNow();
        if (IsOn || !SecondFactorDecisions.IsPending(store.State, now))
        {
            throw new IndiiException(
                ErrorCode.Conflict, "There is no secret to confirm. POST /me/two-factor makes one.");
        }

        var secret = encryption.Decrypt(store.State.PendingSecret!, UserId);
        var answer = await Check(secret, code, now);
        switch (answer.Outcome)
        {
            case SecondFactorOutcome.Locked:
                throw Locked(answer.LockedFor!.Value);
            case SecondFactorOutcome.Wrong:
                throw IndiiException.Invalid([new FieldError("code", "is not the app's present code.")]);
        }

        var codes = NewRecoveryCodes();
        await store.Write(SecondFactorDecisions.TurnOn(store.State, codes, now));
        audit.Write(AuditAction.SecondFactorTurnedOn, AuditOutcome.Success, UserId);
        return new RecoveryCodes(codes);
    }

    public async Task TurnOff(Actor actor, Guid sessionId)
    {
        RequireSelf(actor);
        await GrainFactory.RequireProof(UserId, sessionId);
        if (!store.RecordExists)
            return;

        var wasOn = IsOn;
        await store.ClearStateAsync();
        if (wasOn)
            audit.Write(AuditAction.SecondFactorTurnedOff, AuditOutcome.Success, UserId, Of(sessionId));
    }

    public async Task<RecoveryCodes> ReplaceRecoveryCodes(Actor actor, Guid sessionId)
    {
        RequireSelf(actor);
        await GrainFactory.RequireProof(UserId, sessionId);
        if (!IsOn)
            throw new IndiiException(ErrorCode.Conflict, "The second factor is off.");

        var codes = NewRecoveryCodes();
        await store.Write(SecondFactorDecisions.ReplaceRecoveryCodes(store.State, codes));
        audit.Write(AuditAction.RecoveryCodesReplaced, AuditOutcome.Success, UserId, Of(sessionId));
        return new RecoveryCodes(codes);
    }

    public async Task<bool> ForgetDevices(Actor actor, Guid? deviceId)
    {
        RequireSelf(actor);
        var left = store.State.Devices.RemoveAll(device => deviceId is null || device.Id == deviceId);
        if (left.Length == store.State.Devices.Length)
            return false;

        await store.Write(store.State with { Devices = left });
        audit.Write(AuditAction.DevicesForgotten, AuditOutcome.Success, UserId);
        return true;
    }

    public async Task<SecondFactorAnswer> Pass(SecondFactorAttempt attempt)
    {
        if (!IsOn)
            return new SecondFactorAnswer(SecondFactorOutcome.NotNeeded);

        var now = time.GetUtcNow();
        if (DeviceToken.TryParse(attempt.DeviceToken, out var device)
            && SecondFactorDecisions.Knows(store.State, device.Hash(), now))
        {
            return new SecondFactorAnswer(SecondFactorOutcome.Passed);
        }

        if (string.IsNullOrWhiteSpace(attempt.Code))
            return new SecondFactorAnswer(SecondFactorOutcome.Missing);

        var answer = await Check(encryption.Decrypt(store.State.Secret!, UserId), attempt.Code, now);
        return answer.Outcome == SecondFactorOutcome.Passed && attempt.RememberDevice
            ? answer with { DeviceToken = await Remember(attempt.DeviceName, now) }
            : answer;
    }

    private static ImmutableArray<string> NewRecoveryCodes() => SecondFactorDecisions.RecoveryCodesOf(
        RandomNumberGenerator.GetBytes(SecondFactorDecisions.RecoveryRandomBytes));

    private static AuditDetails Of(Guid sessionId) => new() { SessionId = sessionId };

    /// <summary>What to tell somebody whose codes are not looked at.</summary>
    internal static IndiiException Locked(TimeSpan wait)
    {
        var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds));
        return new IndiiException(ErrorCode.RateLimited, $"Too many wrong codes. Come again in {seconds:0} s.")
        {
            RetryAfter = TimeSpan.FromSeconds(seconds),
        };
    }

    private async Task<SecondFactorAnswer> Check(byte[] secret, string code, DateTimeOffset now)
    {
        var before = store.State;
        var (outcome, state) = SecondFactorDecisions.Check(before, secret, code, now);

        // Also a wrong code is durable before the answer: else guessing would cost nothing while silos die.
        if (state != before)
            await store.Write(state);
        if (state.RecoveryHashes.Length < before.RecoveryHashes.Length)
            audit.Write(AuditAction.RecoveryCodeUsed, AuditOutcome.Success, UserId);
        if (outcome == SecondFactorOutcome.Wrong && state.LockedUntil is not null)
            audit.Write(AuditAction.SecondFactorLocked, AuditOutcome.Failure, UserId);
        return new SecondFactorAnswer(outcome, state.LockedUntil - now);
    }

    private async Task<string> Remember(string? name, DateTimeOffset now)
    {
        var token = new DeviceToken(RandomNumberGenerator.GetBytes(DeviceToken.SecretBytes));
        await store.Write(SecondFactorDecisions.Remember(
            store.State, Guid.CreateVersion7(now), name, token.Hash(), now));
        audit.Write(AuditAction.DeviceRemembered, AuditOutcome.Success, UserId);
        return token.Encode();
    }

    private void RequireSelf(Actor actor)
    {
        if (actor.RequireUser() != UserId)
            throw IndiiException.NotFound("user");
    }
}
