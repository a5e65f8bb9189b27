namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>
/// Makes new accounts. It keeps no state, so any number of activations work side by side; the key is always
/// <see cref="Key"/>. Calls go registration, claim, user and never back.
/// </summary>
[Alias("indii.accounts.registration-grain")]
public interface IRegistrationGrain : IGrainWithIntegerKey
{
    /// <summary>The one key that is used.</summary>
    const long Key = 0;

    /// <summary>Makes an account whose user name and e-mail nobody else has, without regard to case.</summary>
    /// <exception cref="Errors.IndiiException">
    /// <c>invalid_request</c> where <see cref="AccountRules.Check"/> finds something; <c>username_taken</c>,
    /// <c>email_taken</c>; <c>rate_limited</c> when too many passwords wait to be hashed; <c>write_conflict</c> when
    /// the registration was overtaken and may be sent again.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("Register")]
    Task<UserProfile> Register(RegisterAccount registration, CancellationToken cancellationToken = default);
}

/// <summary>An account to be made.</summary>
/// <param name="Username">As its owner writes it; compared without regard to case.</param>
/// <param name="Email">As its owner writes it; compared without regard to case.</param>
/// <param name="Password">In clear; only its hash is kept.</param>
/// <param name="DisplayName">What others read; null takes the user name.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.register-account")]
public sealed record RegisterAccount(
    [property: Id(0)] string Username,
    [property: Id(1)] string Email,
    [property: Id(2)] string Password,
    [property: Id(3)] string? DisplayName = null)
{
    /// <summary>Leaves the password out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(RegisterAccount);
}
