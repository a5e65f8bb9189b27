using System.Diagnostics;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Tests.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Tests.Auth;

public sealed class PasswordHashingTests
{
    [Fact]
    public async Task Of_a_crowd_as_many_are_served_as_may_wait_and_the_others_are_told_to_come_again()
    {
        using var hashing = new PasswordHashing(Options.Create(
            new PasswordHashingOptions { Iterations = 200_000, Concurrency = 1, WaitingMax = 2 }));

        var attempts = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            AccountsCluster.Attempt(hashing.Hash("correct horse", CancellationToken.None))));

        Assert.Equal(3, attempts.Count(attempt => attempt.Code is null));
        Assert.Equal(7, attempts.Count(attempt => attempt.Code == ErrorCode.RateLimited));
        await hashing.Hash("correct horse", CancellationToken.None);
    }

    [Fact]
    public async Task A_user_who_does_not_exist_costs_as_much_as_one_who_does()
    {
        using var hashing = new PasswordHashing(Options.Create(new PasswordHashingOptions()));
        var hash = await hashing.Hash("correct horse", CancellationToken.None);
        await hashing.Verify(hash: null, "warms up", CancellationToken.None);

        var (known, unknown) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 7; i++)
        {
            known = Min(known, await TimeOf(hash));
            unknown = Min(unknown, await TimeOf(hash: null));
        }

        // Without equal work it would be less than a thousandth; other load on the machine does not reach this bound.
        Assert.True(unknown > known / 3, $"{unknown} for nobody, {known} for somebody");

        static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

        async Task<TimeSpan> TimeOf(string? hash)
        {
            var start = Stopwatch.GetTimestamp();
            var verdict = await hashing.Verify(hash, "wrong horse", CancellationToken.None);
            Assert.Equal(PasswordVerificationResult.Failed, verdict);
            return Stopwatch.GetElapsedTime(start);
        }
    }

    [Fact]
    public void Options_out_of_bounds_are_all_named_with_what_they_may_be()
    {
        var result = new PasswordHashingOptionsValidator().Validate(
            name: null, new PasswordHashingOptions { Iterations = 1, WaitSecondsMax = 0 });

        Assert.Equal(
            [
                "Iterations: The field PasswordHashingOptions.Iterations must be between 1000 and 10000000.",
                "WaitSecondsMax: The field PasswordHashingOptions.WaitSecondsMax must be between 1 and 60.",
            ],
            result.Failures);
    }
}
