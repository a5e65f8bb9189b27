using System.Text;
using CsCheck;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Tests.Auth;

public sealed class SecondFactorDecisionsTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(20_000_000_000, "353130")]
    public void Codes_are_those_of_RFC_6238(long time, string code) => Assert.Equal(
        code, CodeAt(DateTimeOffset.FromUnixTimeSeconds(time)));

    [Fact]
    public void A_code_is_taken_one_step_early_to_one_step_late_and_at_no_other_time()
    {
        Gen.Int[-4, 4].Sample(stepsOff =>
        {
            var code = CodeAt(Now + stepsOff * TimeSpan.FromSeconds(SecondFactorDecisions.StepSeconds));

            var (outcome, _) = SecondFactorDecisions.Check(new TwoFactorState(), Secret, code, Now);

            Assert.Equal(
                Math.Abs(stepsOff) <= 1 ? SecondFactorOutcome.Passed : SecondFactorOutcome.Wrong, outcome);
        });
    }

    [Fact]
    public void Whatever_the_order_no_code_is_taken_twice_and_none_older_than_the_last()
    {
        var moments = Gen.Select(Gen.Int[0, 300], Gen.Int[-2, 2]).Array[1, 40];
        moments.Sample(attempts =>
        {
            var state = new TwoFactorState();
            var taken = new List<long>();
            var now = Now;
            foreach (var (wait, stepsOff) in attempts)
            {
                now += TimeSpan.FromSeconds(wait);
                var step = SecondFactorDecisions.StepOf(now) + stepsOff;
                var code = SecondFactorDecisions.CodeOf(Secret, step);
                (var outcome, state) = SecondFactorDecisions.Check(state, Secret, code, now);
                if (outcome == SecondFactorOutcome.Passed)
                    taken.Add(state.LastStep);
            }

            Assert.Equal(taken.Distinct().Order(), taken);
        });
    }

    [Fact]
    public void Each_recovery_code_is_good_once_in_any_order_and_however_it_is_typed()
    {
        Gen.Select(
                Gen.Byte.Array[SecondFactorDecisions.RecoveryRandomBytes],
                Gen.Shuffle(Enumerable.Range(0, AuthLimits.RecoveryCodesCount).ToArray()))
            .Sample((random, order) =>
            {
                var codes = SecondFactorDecisions.RecoveryCodesOf(random);
                var state = SecondFactorDecisions.ReplaceRecoveryCodes(new TwoFactorState(), codes);
                foreach (var at in order.Where(at => codes.IndexOf(codes[at]) == at))
                {
                    var typed = codes[at].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal);
                    (var first, state) = SecondFactorDecisions.Check(state, Secret, typed, Now);
                    var (second, _) = SecondFactorDecisions.Check(state, Secret, codes[at], Now);

                    Assert.Equal(SecondFactorOutcome.Passed, first);
                    Assert.NotEqual(SecondFactorOutcome.Passed, second);
                    Assert.DoesNotContain(codes[at], state.RecoveryHashes);
                }

                Assert.Empty(state.RecoveryHashes);
            });
    }

    [Fact]
    public void Locks_double_up_to_their_longest_and_never_shrink()
    {
        Gen.Int[0, 200].Sample(count =>
        {
            var wait = SecondFactorDecisions.LockAfter(count);

            Assert.Equal(count <= AuthLimits.WrongCodesFree, wait is null);
            Assert.True((wait ?? default) <= (SecondFactorDecisions.LockAfter(count + 1) ?? default));
            Assert.True((wait ?? default) <= TimeSpan.FromMinutes(AuthLimits.LockMinutesMax));
        });
    }

    [Fact]
    public void While_locked_no_code_is_looked_at_but_a_recovery_code_opens()
    {
        var codes = SecondFactorDecisions.RecoveryCodesOf(new byte[SecondFactorDecisions.RecoveryRandomBytes]);
        var state = SecondFactorDecisions.ReplaceRecoveryCodes(new TwoFactorState(), codes.Take(1));
        for (var i = 0; i <= AuthLimits.WrongCodesFree; i++)
            (_, state) = SecondFactorDecisions.Check(state, Secret, "nonsense", Now);

        var (locked, same) = SecondFactorDecisions.Check(state, Secret, CodeAt(Now), Now);
        var (opened, after) = SecondFactorDecisions.Check(state, Secret, codes[0], Now);
        var later = Now + TimeSpan.FromMinutes(AuthLimits.LockMinutesMin);
        var (waited, _) = SecondFactorDecisions.Check(state, Secret, CodeAt(later), later);

        Assert.Equal(SecondFactorOutcome.Locked, locked);
        Assert.Same(state, same);
        Assert.Equal(SecondFactorOutcome.Passed, opened);
        Assert.Null(after.LockedUntil);
        Assert.Equal(0, after.WrongCodes);
        Assert.Equal(SecondFactorOutcome.Passed, waited);
    }

    [Fact]
    public void Guessing_without_rest_for_a_year_gets_a_few_thousand_tries_at_most()
    {
        var state = new TwoFactorState();
        var now = Now;
        var tries = 0;
        while (now < Now + TimeSpan.FromDays(365))
        {
            (_, state) = SecondFactorDecisions.Check(state, Secret, "nonsense", now);
            tries++;
            now = state.LockedUntil ?? now;
        }

        // Three codes of a million are good at any time.
        Assert.InRange(tries * 3 / 1_000_000.0, 0, 0.004);
    }

    [Fact]
    public void A_device_is_known_for_its_time_and_the_oldest_makes_room()
    {
        Gen.Int[1, 40].Sample(count =>
        {
            var state = new TwoFactorState();
            for (var i = 0; i < count; i++)
                state = SecondFactorDecisions.Remember(state, Guid.CreateVersion7(), "phone", $"hash{i}", Now);

            var last = Now + TimeSpan.FromDays(AuthLimits.RememberedDeviceDays);
            Assert.Equal(Math.Min(count, AuthLimits.RememberedDevicesMax), state.Devices.Length);
            Assert.True(SecondFactorDecisions.Knows(state, $"hash{count - 1}", last - TimeSpan.FromSeconds(1)));
            Assert.False(SecondFactorDecisions.Knows(state, $"hash{count - 1}", last));
            Assert.Equal(count <= AuthLimits.RememberedDevicesMax, SecondFactorDecisions.Knows(state, "hash0", Now));
        });
    }

    private static string CodeAt(DateTimeOffset time) =>
        SecondFactorDecisions.CodeOf(Secret, SecondFactorDecisions.StepOf(time));
}
