using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;

namespace IndiiMusic.Grains.Accounts;

/// <summary>
/// What other grains need of a user, and no gateway may have. It shares its key and activation with
/// <see cref="IUserGrain"/>, and calls nobody, so whoever waits for it waits for storage only.
/// </summary>
[Alias("indii.accounts.registrant-grain")]
internal interface IRegistrantGrain : IGrainWithGuidKey
{
    /// <summary>Makes the user exist.</summary>
    /// <exception cref="Interfaces.Errors.IndiiException">
    /// <c>write_conflict</c> when the registration was settled otherwise meanwhile.
    /// </exception>
    [Alias("Create")]
    Task<UserProfile> Create(NewUser user);

    /// <summary>
    /// Whether the user exists. From a no on, a registration under this id cannot succeed, not even one that other
    /// activations have under way, so that its names can go to somebody else.
    /// </summary>
    [Alias("SettleRegistration")]
    Task<bool> SettleRegistration();

    /// <summary>Gives the user exactly these roles. Only <see cref="IRolesGrain"/> may call it.</summary>
    [Alias("SetRoles")]
    Task SetRoles(Roles roles);

    /// <summary>Gives the user these roles unless somebody decided on them before.</summary>
    /// <returns>The roles that the user has now.</returns>
    [Alias("SettleRoles")]
    Task<Roles> SettleRoles(Roles roles);

    /// <summary>The password's hash; null when there is no such user.</summary>
    [Alias("FindPasswordHash")]
    Task<string?> FindPasswordHash();

    /// <summary>Swaps a hash for one of the same password at a higher cost, unless it was changed meanwhile.</summary>
    [Alias("ReplacePasswordHash")]
    Task ReplacePasswordHash(string present, string next);
}

/// <summary>A user about to exist; the names are reserved already.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.new-user")]
internal sealed record NewUser(
    [property: Id(0)] string Username,
    [property: Id(1)] string Email,
    [property: Id(2)] string DisplayName,
    [property: Id(3)] string PasswordHash,
    [property: Id(4)] DateTimeOffset CreatedAt)
{
    /// <summary>Leaves the hash out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(NewUser);
}
