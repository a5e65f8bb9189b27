using IndiiMusic.Grains.Interfaces.Accounts;

namespace IndiiMusic.Grains.Accounts;

/// <summary>
/// What log-ins need of roles, and no gateway may have. It shares its key and activation with
/// <see cref="IRolesGrain"/>.
/// </summary>
[Alias("indii.accounts.first-administrator-grain")]
internal interface IFirstAdministratorGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Makes the holder of the first account an administrator, unless somebody has decided on their roles already.
    /// </summary>
    [Alias("Settle")]
    Task Settle(Guid userId);
}
