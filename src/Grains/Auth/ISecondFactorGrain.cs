using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Auth;

/// <summary>
/// What log-in needs of a second factor, and no gateway may have. It shares its key and activation with
/// <see cref="ITwoFactorGrain"/>. Ask it only for whoever knows the password: the answer tells whether
/// there is a second factor.
/// </summary>
[Alias("indii.auth.second-factor-grain")]
internal interface ISecondFactorGrain : IGrainWithGuidKey
{
    /// <summary>Checks what was shown. A code that passes, or fails, is noted before the answer.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Pass")]
    Task<SecondFactorAnswer> Pass(SecondFactorAttempt attempt);
}

/// <summary>What came of it.</summary>
/// <param name="Outcome">Its kind.</param>
/// <param name="LockedFor">With <see cref="SecondFactorOutcome.Locked"/>, for how long.</param>
/// <param name="DeviceToken">For a device that is remembered from now on.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.second-factor-answer")]
internal sealed record SecondFactorAnswer(
    [property: Id(0)] SecondFactorOutcome Outcome,
    [property: Id(1)] TimeSpan? LockedFor = null,
    [property: Id(2)] string? DeviceToken = null)
{
    /// <summary>Leaves the token out, so that no log ever holds it.</summary>
    public override string ToString() => $"{nameof(SecondFactorAnswer)} {{ Outcome = {Outcome} }}";
}

/// <summary>Ways in which a check can end.</summary>
internal enum SecondFactorOutcome
{
    /// <summary>There is no second factor.</summary>
    NotNeeded = 1,

    /// <summary>What was shown is right.</summary>
    Passed = 2,

    /// <summary>Nothing was shown that could be.</summary>
    Missing = 3,

    /// <summary>The code is wrong, or was used before.</summary>
    Wrong = 4,

    /// <summary>Too many codes were wrong; this one was not looked at.</summary>
    Locked = 5,
}
