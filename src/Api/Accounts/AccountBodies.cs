using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Accounts;

/// <summary>A user as they see themselves.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">As its owner wrote it.</param>
/// <param name="Email">As its owner wrote it.</param>
/// <param name="DisplayName">What others read.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="Roles">Of listener, artist, curator, moderator, administrator.</param>
public sealed record ProfileResponse(
    Guid Id,
    string Username,
    string Email,
    string DisplayName,
    DateTimeOffset CreatedAt,
    IReadOnlyList<string> Roles)
{
    internal static ProfileResponse Of(UserProfile profile) => new(
        profile.Id,
        profile.Username,
        profile.Email,
        profile.DisplayName,
        profile.CreatedAt,
        Rights.Names(profile.Roles));
}

/// <summary>Changes to one's own profile; what is left out stays.</summary>
/// <param name="DisplayName">What others read.</param>
public sealed record ChangeProfileRequest(
    [property: StringLength(AccountLimits.DisplayNameLengthMax, MinimumLength = 1)] string? DisplayName = null);

/// <summary>A user as others see them.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">As its owner wrote it.</param>
/// <param name="DisplayName">What to show.</param>
/// <param name="Roles">The user's roles, for those who may manage users; else left out.</param>
public sealed record UserResponse(
    Guid Id,
    string Username,
    string DisplayName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Roles = null)
{
    internal static UserResponse Of(UserCard card, Roles? roles = null) => new(
        card.Id, card.Username, card.DisplayName, roles is { } known ? Rights.Names(known) : null);
}

/// <summary>Roles to give to a user, in place of those that they have.</summary>
/// <param name="Roles">Any of listener, artist, curator, moderator, administrator; none bars the user.</param>
public sealed record SetRolesRequest([property: MaxLength(5)] IReadOnlyList<string> Roles)
{
    private static IEnumerable<string> Known => Rights.RoleRows.Select(row => row.Name);

    internal Roles ToRoles()
    {
        var unknown = Roles.FirstOrDefault(name => Rights.FindRole(name) is null);
        return unknown is null
            ? Rights.ParseRoles(string.Join(' ', Roles))
            : throw IndiiException.Invalid([new FieldError(
                "roles", $"holds a word that is no role; there are {string.Join(", ", Known)}.")]);
    }
}

/// <summary>The roles of a user.</summary>
/// <param name="Id">The user.</param>
/// <param name="Roles">Of listener, artist, curator, moderator, administrator.</param>
public sealed record RolesResponse(Guid Id, IReadOnlyList<string> Roles);

/// <summary>The users that a query found.</summary>
/// <param name="Items">At most one, as user names are unique.</param>
/// <param name="NextCursor">Always null: there is no further page.</param>
public sealed record UsersResponse(IReadOnlyList<UserResponse> Items, string? NextCursor = null);
