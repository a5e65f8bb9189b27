using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Auth;

/// <summary>The rules of personal access tokens, pure: clock, ids and secrets come in from outside.</summary>
internal static class PersonalTokenDecisions
{
    private const int LastCharactersCount = 4;

    /// <summary>The state with a further token. Those that have expired go.</summary>
    /// <exception cref="IndiiException"><c>invalid_request</c>, <c>limit_exceeded</c>.</exception>
    public static (PersonalTokensState State, PersonalTokenEntry Entry) Create(
        PersonalTokensState state, NewPersonalToken wanted, Guid id, PersonalToken token, DateTimeOffset now)
    {
        var expiresAt = wanted.ExpiresAt ?? now + TimeSpan.FromDays(AuthLimits.PersonalTokenDaysDefault);
        if (Check(wanted, expiresAt, now) is { IsEmpty: false } problems)
            throw IndiiException.Invalid(problems);
        var good = state.Tokens.RemoveAll(entry => !IsGood(entry, now));
        if (good.Length >= AuthLimits.PersonalTokensMax)
        {
            throw new IndiiException(
                ErrorCode.LimitExceeded,
                $"There are {AuthLimits.PersonalTokensMax} personal access tokens, which is the most. Revoke one.");
        }

        var entry = new PersonalTokenEntry(
            id, wanted.Name.Trim(), token.Hash(), token.Encode()[^LastCharactersCount..],
            [.. wanted.Scopes.Distinct(StringComparer.Ordinal)], now, expiresAt.ToUniversalTime());
        return (state with { Tokens = good.Add(entry) }, entry);
    }

    /// <summary>The good token of a secret's hash; null where there is none.</summary>
    public static PersonalTokenEntry? Find(PersonalTokensState state, string secretHash, DateTimeOffset now)
    {
        var hash = Encoding.ASCII.GetBytes(secretHash);
        PersonalTokenEntry? found = null;
        foreach (var entry in state.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(entry.Hash), hash))
                found = entry;
        }

        return found is not null && IsGood(found, now) ? found : null;
    }

    /// <summary>The good token of an id; null where there is none.</summary>
    public static PersonalTokenEntry? Find(PersonalTokensState state, Guid id, DateTimeOffset now) =>
        state.Tokens.FirstOrDefault(entry => entry.Id == id && IsGood(entry, now));

    /// <summary>The state after a use; the same where the hour of that use is noted already.</summary>
    public static PersonalTokensState Use(PersonalTokensState state, PersonalTokenEntry entry, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        return entry.LastUsedAt >= hour
            ? state
            : state with { Tokens = state.Tokens.Replace(entry, entry with { LastUsedAt = hour }) };
    }

    /// <summary>Makes sure that a token allows nothing that its maker may not do now.</summary>
    /// <exception cref="IndiiException"><c>invalid_request</c>.</exception>
    public static void RequireOwnScopes(ImmutableArray<string> wanted, Permissions own)
    {
        var mine = Rights.ScopesFor(own);
        for (var i = 0; i < wanted.Length; i++)
        {
            var scope = Rights.ScopeRows.FirstOrDefault(row => row.Word == wanted[i]).Scope;
            if (scope == Scopes.None || !mine.HasFlag(scope))
            {
                throw IndiiException.Invalid(
                    [new FieldError($"scopes[{i}]", $"is no scope of yours. Those are: {Rights.Format(mine)}.")]);
            }
        }
    }

    private static bool IsGood(PersonalTokenEntry entry, DateTimeOffset now) => now < entry.ExpiresAt;

    private static ImmutableArray<FieldError> Check(
        NewPersonalToken wanted, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var problems = ImmutableArray.CreateBuilder<FieldError>();
        if (string.IsNullOrWhiteSpace(wanted.Name) || wanted.Name.Length > AuthLimits.PersonalTokenNameLengthMax)
        {
            problems.Add(new FieldError(
                "name", $"must have 1 to {AuthLimits.PersonalTokenNameLengthMax} characters."));
        }

        if (wanted.Scopes.IsDefaultOrEmpty || wanted.Scopes.Length > AuthLimits.PersonalTokenScopesMax)
            problems.Add(new FieldError("scopes", $"must name 1 to {AuthLimits.PersonalTokenScopesMax} scopes."));
        if (expiresAt <= now || expiresAt > now + TimeSpan.FromDays(AuthLimits.PersonalTokenDaysMax))
        {
            problems.Add(new FieldError(
                "expiresAt", $"must lie in the next {AuthLimits.PersonalTokenDaysMax} days."));
        }

        return problems.ToImmutable();
    }
}
