namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>One person's account; the key is the user's id.</summary>
[Alias("indii.accounts.user-grain")]
public interface IUserGrain : IGrainWithGuidKey
{
    /// <summary>What anybody who is signed in may know; null when there is no such user.</summary>
    [SafeToRepeat]
    [Alias("FindCard")]
    Task<UserCard?> FindCard();

    /// <summary>The user's roles; null when there is no such user.</summary>
    [SafeToRepeat]
    [Alias("FindRoles")]
    Task<Roles?> FindRoles();

    /// <summary>What the user alone may know.</summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [SafeToRepeat]
    [Alias("GetProfile")]
    Task<UserProfile> GetProfile(Actor actor);

    /// <summary>Changes what is given and leaves the rest.</summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else; <c>invalid_request</c>.</exception>
    [ResponseTimeout("00:00:30")]
    [Alias("ChangeProfile")]
    Task<UserProfile> ChangeProfile(Actor actor, ProfileChanges changes);
}

/// <summary>A user as others see them.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">As its owner wrote it.</param>
/// <param name="DisplayName">What to show.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.user-card")]
public sealed record UserCard(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Username,
    [property: Id(2)] string DisplayName)
{
    /// <summary>Leaves the person out, so that no log ever names them.</summary>
    public override string ToString() => nameof(UserCard);
}

/// <summary>A user as they see themselves.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">As its owner wrote it.</param>
/// <param name="Email">As its owner wrote it.</param>
/// <param name="DisplayName">What others read.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="Avatar">The picture; null when there is none.</param>
/// <param name="Roles">What an administrator made of the user.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.user-profile")]
public sealed record UserProfile(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Username,
    [property: Id(2)] string Email,
    [property: Id(3)] string DisplayName,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] AvatarReference? Avatar = null,
    [property: Id(6)] Roles Roles = Roles.Ordinary)
{
    /// <summary>Leaves the person out, so that no log ever names them.</summary>
    public override string ToString() => nameof(UserProfile);
}

/// <summary>Changes to one's own profile; null leaves a member as it is.</summary>
/// <param name="DisplayName">What others read.</param>
/// <param name="Avatar">The picture, which must lie in the object store already.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.profile-changes")]
public sealed record ProfileChanges(
    [property: Id(0)] string? DisplayName = null,
    [property: Id(1)] AvatarReference? Avatar = null)
{
    /// <summary>Leaves the person out, so that no log ever names them.</summary>
    public override string ToString() => nameof(ProfileChanges);
}

/// <summary>A picture in the object store.</summary>
/// <param name="ObjectKey">Its key there.</param>
/// <param name="ContentType">Its media type, by its first bytes.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.accounts.avatar-reference")]
public sealed record AvatarReference(
    [property: Id(0)] string ObjectKey,
    [property: Id(1)] string ContentType);
