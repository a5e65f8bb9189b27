using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Interfaces.Accounts;

/// <summary>What names, addresses and passwords may be. Pure, so that every door to accounts agrees.</summary>
public static partial class AccountRules
{
    private static readonly ImmutableHashSet<string> ReservedUsernames =
        ImmutableHashSet.Create(StringComparer.Ordinal, WellKnownUsers.LibraryUsername, "me", "system", "anonymous");

    /// <summary>What is wrong with a registration. Empty when nothing is.</summary>
    public static ImmutableArray<FieldError> Check(RegisterAccount registration)
    {
        var displayName = registration.DisplayName;
        (string Field, string? Problem)[] findings =
        [
            ("username", CheckUsername(registration.Username)),
            ("email", CheckEmail(registration.Email)),
            ("password", CheckPassword(registration)),
            ("displayName", displayName is null ? null : CheckDisplayName(displayName)),
        ];
        return [.. findings.Where(finding => finding.Problem is not null).Select(finding =>
            new FieldError(finding.Field, finding.Problem!))];
    }

    /// <summary>
    /// One spelling for all ways to write a name: lower case. Names and addresses are ASCII, of which NFKC changes
    /// nothing; whoever admits more must normalise here first, and not in invariant globalization mode, where .NET's
    /// normalisation does nothing at all.
    /// </summary>
    public static string Normalize(string name) => name.ToLowerInvariant();

    /// <summary>The key of the claim that holds a user name.</summary>
    public static string UsernameClaim(string username) => $"username/{Normalize(username)}";

    /// <summary>The key of the claim that holds an e-mail address.</summary>
    public static string EmailClaim(string email) => $"email/{Normalize(email)}";

    /// <summary>
    /// The key of the claim that a log-in names: an address holds an <c>@</c>, a user name never does.
    /// Null for what can be neither.
    /// </summary>
    public static string? LogInClaim(string login) => login switch
    {
        { Length: 0 or > AccountLimits.EmailLengthMax } => null,
        _ when !Ascii.IsValid(login) => null,
        _ when login.Contains('@', StringComparison.Ordinal) => EmailClaim(login),
        _ => UsernameClaim(login),
    };

    /// <summary>What is wrong with a display name, or null.</summary>
    public static string? CheckDisplayName(string displayName) => displayName switch
    {
        _ when string.IsNullOrWhiteSpace(displayName) => "A display name holds something to read.",
        { Length: > AccountLimits.DisplayNameLengthMax } =>
            $"A display name has at most {AccountLimits.DisplayNameLengthMax} characters.",
        _ when !IsWellFormed(displayName) || displayName.Any(char.IsControl) =>
            "A display name holds no control characters.",
        _ => null,
    };

    private static string? CheckUsername(string username) => username switch
    {
        { Length: < AccountLimits.UsernameLengthMin or > AccountLimits.UsernameLengthMax } =>
            $"A user name has {AccountLimits.UsernameLengthMin} to {AccountLimits.UsernameLengthMax} characters.",
        _ when !username.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-') =>
            "A user name is made of the letters a to z, digits, '_', '.' and '-'.",
        _ when ReservedUsernames.Contains(Normalize(username)) => "This user name is kept for the system.",
        _ => null,
    };

    private static string? CheckEmail(string email) => email switch
    {
        { Length: > AccountLimits.EmailLengthMax } =>
            $"An e-mail address has at most {AccountLimits.EmailLengthMax} characters.",
        _ when !EmailRegex().IsMatch(email) => "This is no e-mail address.",
        _ => null,
    };

    private static string? CheckPassword(RegisterAccount registration)
    {
        var password = registration.Password;
        if (password.Length is < AccountLimits.PasswordLengthMin or > AccountLimits.PasswordLengthMax)
        {
            return $"A password has {AccountLimits.PasswordLengthMin} to {AccountLimits.PasswordLengthMax} characters.";
        }

        if (!IsWellFormed(password))
            return "A password holds whole characters only.";

        var isTrivial = EqualsIgnoringCase(password, registration.Username)
            || EqualsIgnoringCase(password, registration.Email)
            || EqualsIgnoringCase(password, registration.Email.Split('@')[0])
            || password.Distinct().Count() == 1
            || TrivialPasswords.Contains(password);
        return isTrivial ? "This password is among the first that anybody would try." : null;
    }

    private static readonly ImmutableHashSet<string> TrivialPasswords = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "password", "password1", "password123", "passw0rd", "12345678", "123456789", "1234567890", "qwertyui",
        "qwertyuiop", "qwerty123", "iloveyou", "sunshine", "princess", "football", "baseball", "letmein1", "abcd1234",
        "indiimusic");

    private static bool EqualsIgnoringCase(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    /// <summary>Half a surrogate pair cannot be normalised, stored as UTF-8 or hashed alike everywhere.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;

            if (!char.IsSurrogatePair(text, index))
                return false;

            index++;
        }

        return true;
    }

    // One @ with something on both sides, a dot-separated domain, printable ASCII. More would refuse addresses that
    // work; only a message that arrives proves one.
    [GeneratedRegex(@"\A[!-?A-~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex EmailRegex();
}
