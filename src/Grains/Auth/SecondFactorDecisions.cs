using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Interfaces.Auth;
using OtpNet;

namespace IndiiMusic.Grains.Auth;

/// <summary>The rules of second factors, pure: clock, ids and secrets come in from outside.</summary>
internal static class SecondFactorDecisions
{
    /// <summary>Seconds of a time step (RFC 6238).</summary>
    public const int StepSeconds = 30;

    /// <summary>Digits of a code. With all apps' defaults: 6, SHA-1.</summary>
    public const int Digits = 6;

    /// <summary>Codes of so many steps before and after the present one are taken, for clocks that are off.</summary>
    public const int StepsOff = 1;

    // Crockford's: nobody takes one letter for another, and no word comes out.
    private const string RecoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int RecoveryLength = 16;
    private const int RecoveryGroup = 4;

    /// <summary>The time step of a time.</summary>
    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a time step.</summary>
    public static string CodeOf(byte[] secret, long step) => new Hotp(secret, hotpSize: Digits).ComputeHOTP(step);

    /// <summary>What comes of a code, and the state after it.</summary>
    public static (SecondFactorOutcome Outcome, TwoFactorState State) Check(
        TwoFactorState state, byte[] secret, string code, DateTimeOffset now)
    {
        var plain = Plain(code);
        if (plain.Length == RecoveryLength)
        {
            // It has 80 random bits, which nobody guesses: whoever is locked out by others gets in by one.
            var left = WithoutRecoveryCode(state.RecoveryHashes, plain);
            if (left.Length < state.RecoveryHashes.Length)
                return (SecondFactorOutcome.Passed, Unlocked(state) with { RecoveryHashes = left });
        }

        if (now < state.LockedUntil)
            return (SecondFactorOutcome.Locked, state);
        return FindStep(secret, plain, now) is { } step && step > state.LastStep
            ? (SecondFactorOutcome.Passed, Unlocked(state) with { LastStep = step })
            : (SecondFactorOutcome.Wrong, AfterWrongCode(state, now));
    }

    /// <summary>How long codes are locked after so many wrong ones in a row; null for not at all.</summary>
    public static TimeSpan? LockAfter(int wrongCodes)
    {
        var doublings = wrongCodes - AuthLimits.WrongCodesFree - 1;
        return doublings < 0
            ? null
            : TimeSpan.FromMinutes(Math.Min(
                AuthLimits.LockMinutesMax, AuthLimits.LockMinutesMin * Math.Pow(2, Math.Min(doublings, 30))));
    }

    /// <summary>Turns a confirmed secret on. Whatever an earlier one left is gone.</summary>
    public static TwoFactorState TurnOn(
        TwoFactorState confirmed, IEnumerable<string> recoveryCodes, DateTimeOffset now) => new()
        {
            Secret = confirmed.PendingSecret,
            OnSince = now,
            LastStep = confirmed.LastStep,
            RecoveryHashes = Hashes(recoveryCodes),
        };

    /// <summary>Whether a secret waits to be confirmed.</summary>
    public static bool IsPending(TwoFactorState state, DateTimeOffset now) =>
        state.PendingSecret is not null
        && now < state.PendingSince + TimeSpan.FromMinutes(AuthLimits.SecretWaitsMinutes);

    /// <summary>The state with other recovery codes.</summary>
    public static TwoFactorState ReplaceRecoveryCodes(TwoFactorState state, IEnumerable<string> codes) =>
        state with { RecoveryHashes = Hashes(codes) };

    /// <summary>Ten recovery codes of random bytes: <c>k3jf-9x2m-tz0q-8b1v</c>.</summary>
    public static ImmutableArray<string> RecoveryCodesOf(ReadOnlySpan<byte> random)
    {
        var codes = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < AuthLimits.RecoveryCodesCount; i++)
        {
            var code = new StringBuilder();
            for (var j = 0; j < RecoveryLength; j++)
            {
                if (j > 0 && j % RecoveryGroup == 0)
                    code.Append('-');
                code.Append(RecoveryAlphabet[random[i * RecoveryLength + j] % RecoveryAlphabet.Length]);
            }

            codes.Add(code.ToString());
        }

        return codes.ToImmutable();
    }

    /// <summary>Random bytes that <see cref="RecoveryCodesOf"/> takes.</summary>
    public const int RecoveryRandomBytes = AuthLimits.RecoveryCodesCount * RecoveryLength;

    /// <summary>Whether a device of this secret's hash is remembered.</summary>
    public static bool Knows(TwoFactorState state, string deviceHash, DateTimeOffset now)
    {
        var isKnown = false;
        foreach (var device in state.Devices)
            isKnown |= Same(device.Hash, deviceHash) && now < device.ExpiresAt;
        return isKnown;
    }

    /// <summary>The state with a further device; the oldest makes room, and those that have expired go.</summary>
    public static TwoFactorState Remember(
        TwoFactorState state, Guid id, string? name, string deviceHash, DateTimeOffset now)
    {
        var devices = state.Devices.RemoveAll(device => now >= device.ExpiresAt);
        if (devices.Length >= AuthLimits.RememberedDevicesMax)
            devices = devices.RemoveAt(0);
        var expiresAt = now + TimeSpan.FromDays(AuthLimits.RememberedDeviceDays);
        return state with
        {
            Devices = devices.Add(new RememberedDevice(id, name?.Trim() ?? "", deviceHash, now, expiresAt)),
        };
    }

    private static string Plain(string code) => string.Concat(
        code.Where(character => character is not (' ' or '-')).Select(char.ToLowerInvariant));

    private static long? FindStep(byte[] secret, string code, DateTimeOffset now)
    {
        // All are compared, and the latest counts, so that time tells nothing and no code is good twice.
        long? found = null;
        for (var step = StepOf(now) - StepsOff; step <= StepOf(now) + StepsOff; step++)
        {
            if (Same(CodeOf(secret, step), code))
                found = step;
        }

        return found;
    }

    private static ImmutableArray<string> WithoutRecoveryCode(ImmutableArray<string> hashes, string plain)
    {
        var hash = Hash(plain);
        return hashes.RemoveAll(known => Same(known, hash));
    }

    private static TwoFactorState Unlocked(TwoFactorState state) => state with { WrongCodes = 0, LockedUntil = null };

    private static TwoFactorState AfterWrongCode(TwoFactorState state, DateTimeOffset now) => state with
    {
        WrongCodes = state.WrongCodes + 1,
        LockedUntil = now + LockAfter(state.WrongCodes + 1),
    };

    private static ImmutableArray<string> Hashes(IEnumerable<string> codes) =>
        [.. codes.Select(code => Hash(Plain(code)))];

    private static string Hash(string plain) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(plain)));

    private static bool Same(string left, string right) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
