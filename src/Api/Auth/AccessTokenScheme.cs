using IndiiMusic.Grains.Interfaces.Auth;
using Microsoft.AspNetCore.Authentication;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// Finds out who sends a request, by the access token, or the personal access token, in
/// <c>Authorization: Bearer</c> or, on hubs, where browsers cannot send that header, in the query's
/// <c>access_token</c>. It is our own because it runs on every request: a token seen before costs a hash and a look-up.
/// </summary>
internal sealed class AccessTokenScheme(
    AccessTokens tokens,
    PersonalTokens personalTokens,
    AccessTokenCache cache,
    SessionDenylist endedSessions,
    Standings standings) : IAuthenticationHandler
{
    /// <summary>The scheme's name.</summary>
    public const string Name = "Bearer";

    private const string HeaderPrefix = "Bearer ";
    private const string QueryKey = "access_token";

    private static readonly AuthenticateResult Refused = AuthenticateResult.Fail("The access token is not valid.");

    private HttpContext _context = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        var token = FindToken(_context.Request);
        if (token.Length == 0)
            return Task.FromResult(AuthenticateResult.NoResult());

        var hash = AccessTokenCache.Hash(token);
        if (cache.Find(hash) is not { } known)
            return Verify(token.ToString(), hash);
        return standings.MayTrust(known) ? Task.FromResult(Answer(known)) : CheckAgain(known);
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        var response = _context.Response;
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = FindToken(_context.Request).Length == 0
            ? Name
            : $"{Name} error=\"invalid_token\"";
        return Task.CompletedTask;
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static ReadOnlySpan<char> FindToken(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } header])
        {
            return header.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)
                ? header.AsSpan(HeaderPrefix.Length).Trim()
                : default;
        }

        return request.Path.StartsWithSegments(ApiRoutes.Hubs, StringComparison.Ordinal)
            ? request.Query[QueryKey].ToString()
            : default;
    }

    private async Task<AuthenticateResult> Verify(string token, TokenHash hash)
    {
        var principal = PersonalToken.HasPrefix(token)
            ? await personalTokens.Verify(token)
            : await tokens.Verify(token);
        if (principal is null || !await standings.RenewAsync(principal))
            return Refused;

        cache.Add(hash, principal);
        return Answer(principal);
    }

    private async Task<AuthenticateResult> CheckAgain(ActorPrincipal known)
    {
        if (endedSessions.Contains(known.SessionId))
            return Refused;
        if (await standings.RenewAsync(known))
            return Answer(known);

        endedSessions.Add(known.SessionId);
        return Refused;
    }

    private AuthenticateResult Answer(ActorPrincipal principal)
    {
        if (endedSessions.Contains(principal.SessionId))
            return Refused;

        // Hubs close connections at this time when they are told to.
        var properties = new AuthenticationProperties { ExpiresUtc = principal.ExpiresAt };
        return AuthenticateResult.Success(new AuthenticationTicket(principal, properties, Name));
    }
}
