using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Interfaces.Accounts;

namespace IndiiMusic.Api.Accounts;

/// <summary>A user as they see themselves.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">As its owner wrote it.</param>
/// <param name="Email">As its owner wrote it.</param>
/// <param name="DisplayName">What others read.</param>
/// <param name="CreatedAt">When the account was made.</param>
public sealed record ProfileResponse(
    Guid Id, string Username, string Email, string DisplayName, DateTimeOffset CreatedAt)
{
    internal static ProfileResponse Of(UserProfile profile) =>
        new(profile.Id, profile.Username, profile.Email, profile.DisplayName, profile.CreatedAt);
}

/// <summary>Changes to one's own profile; what is left out stays.</summary>
/// <param name="DisplayName">What others read.</param>
public sealed record ChangeProfileRequest(
    [property: StringLength(AccountLimits.DisplayNameLengthMax, MinimumLength = 1)] string? DisplayName = null);

/// <summary>A user as others see them.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">As its owner wrote it.</param>
/// <param name="DisplayName">What to show.</param>
public sealed record UserResponse(Guid Id, string Username, string DisplayName)
{
    internal static UserResponse Of(UserCard card) => new(card.Id, card.Username, card.DisplayName);
}

/// <summary>The users that a query found.</summary>
/// <param name="Items">At most one, as user names are unique.</param>
/// <param name="NextCursor">Always null: there is no further page.</param>
public sealed record UsersResponse(IReadOnlyList<UserResponse> Items, string? NextCursor = null);
