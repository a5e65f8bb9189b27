namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>
/// Holds who owns one unique name. The key is the kind and the normalised name, such as <c>username/ana</c>
/// (<see cref="AccountRules"/> makes it). A claim is reserved first and confirmed once its holder exists; a
/// reservation whose holder never came to exist gives way to the next who asks after its expiry.
/// </summary>
[Alias("indii.accounts.claim-grain")]
public interface IClaimGrain : IGrainWithStringKey
{
    /// <summary>The key of the claim that the first account ever made holds.</summary>
    const string FirstAccountKey = "first-account";

    /// <summary>Reserves the name for a user about to exist. Asking again for the same user is no error.</summary>
    /// <returns>False when somebody else holds it.</returns>
    [Alias("Reserve")]
    Task<bool> Reserve(Guid userId);

    /// <summary>Makes a reservation lasting; the user exists now.</summary>
    /// <returns>False when somebody else holds the name.</returns>
    [Alias("Confirm")]
    Task<bool> Confirm(Guid userId);

    /// <summary>Gives a reservation back. Does nothing when it is another's or confirmed.</summary>
    [Alias("Release")]
    Task Release(Guid userId);

    /// <summary>Who holds the name, or null. The holder of a mere reservation may not exist.</summary>
    [SafeToRepeat]
    [Alias("FindHolder")]
    Task<Guid?> FindHolder();
}
