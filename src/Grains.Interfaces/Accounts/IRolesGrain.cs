namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>
/// Says who has which role: the users' own grains keep that, this one puts the changes in an order, so that of two
/// administrators who dismiss each other one stays. The key is always <see cref="Key"/>. Calls go log-in, roles, user
/// and never back.
/// </summary>
[Alias("indii.accounts.roles-grain")]
public interface IRolesGrain : IGrainWithIntegerKey
{
    /// <summary>The one key that is used.</summary>
    const long Key = 0;

    /// <summary>Gives a user exactly these roles.</summary>
    /// <returns>The roles that the user has now.</returns>
    /// <exception cref="Errors.IndiiException">
    /// <c>forbidden</c> for who may not manage users; <c>not_found</c>; <c>last_administrator</c>;
    /// <c>limit_exceeded</c>.
    /// </exception>
    [ResponseTimeout("00:00:30")]
    [Alias("Set")]
    Task<Roles> Set(Actor actor, Guid userId, Roles roles);
}
