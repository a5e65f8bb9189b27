using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Auth;

/// <summary>Sessions as clients see them: grains keep them, the gateway adds access tokens.</summary>
internal sealed class Sessions(
    IGrainFactory grains, AccessTokens tokens, SessionDenylist endedSessions, SharedSessions? shared = null)
{
    public async Task<TokenResponse> LogIn(
        LogInRequest request, SessionStart start, CancellationToken cancellationToken)
    {
        var door = grains.GetGrain<ILogInGrain>(ILogInGrain.Key);
        var second = new SecondFactorAttempt(
            request.Code, request.DeviceToken, request.RememberDevice, request.DeviceName);
        return await RespondAsync(await door.LogIn(
            new Credentials(request.Login, request.Password, second, start), cancellationToken));
    }

    /// <exception cref="IndiiException"><c>invalid_token</c>.</exception>
    public async Task<TokenResponse> Refresh(string refreshToken)
    {
        var result = RefreshToken.TryParse(refreshToken, out var token)
            ? await grains.GetGrain<ISessionGrain>(token.SessionId).Refresh(refreshToken)
            : new RefreshResult(RefreshOutcome.Refused);
        AuthMetrics.Refreshed(result.Outcome);
        if (result.Outcome == RefreshOutcome.Reused)
            await NoteEnd(token!.SessionId);

        return result.Tokens is { } fresh
            ? await RespondAsync(fresh)
            : throw new IndiiException(ErrorCode.InvalidToken, "The refresh token is unknown, used or expired.");
    }

    /// <summary>Ends the session of a refresh token; one that is nobody's ends nothing, and that is no error.</summary>
    public async Task End(string refreshToken)
    {
        if (RefreshToken.TryParse(refreshToken, out var token)
            && await grains.GetGrain<ISessionGrain>(token.SessionId).EndByToken(refreshToken))
        {
            await NoteEnd(token.SessionId);
        }
    }

    /// <summary>Ends the session that the caller's access token came from.</summary>
    /// <exception cref="IndiiException"><c>unauthenticated</c> where the caller is nobody.</exception>
    public async Task EndOwn(HttpContext context)
    {
        var userId = context.GetActor().RequireUser();
        var sessionId = ((ActorPrincipal)context.User).SessionId;
        await grains.GetGrain<ISessionGrain>(sessionId).End(userId);
        await NoteEnd(sessionId);
    }

    /// <summary>Ends a session of the user from another one.</summary>
    /// <exception cref="IndiiException"><c>not_found</c>, also for another's.</exception>
    public async Task Revoke(Guid userId, Guid sessionId)
    {
        var session = grains.GetGrain<ISessionGrain>(sessionId);
        if (await session.Find(userId) is null)
            throw IndiiException.NotFound("session");

        await session.Revoke(userId);
        await NoteEnd(sessionId);
    }

    /// <summary>Ends all sessions of the user but one.</summary>
    public async Task RevokeOthers(Actor actor, Guid stays)
    {
        foreach (var ended in await grains.GetGrain<IUserSessionsGrain>(actor.RequireUser()).EndOthers(actor, stays))
            await NoteEnd(ended);
    }

    /// <summary>
    /// Lets the caller's session do what is sensitive for a while, the caller having proven who they are.
    /// </summary>
    public Task StepUp(ActorPrincipal caller, string password, string? code, CancellationToken cancellationToken) =>
        grains.GetGrain<ILogInGrain>(ILogInGrain.Key).StepUp(
            new ProofOfUser(caller.Actor.RequireUser(), caller.SessionId, password, code), cancellationToken);

    /// <summary>Ends a personal access token at every gateway.</summary>
    /// <exception cref="IndiiException"><c>not_found</c>.</exception>
    public async Task EndPersonalToken(Actor actor, Guid tokenId)
    {
        if (!await grains.GetGrain<IPersonalTokensGrain>(actor.RequireUser()).Revoke(actor, tokenId))
            throw IndiiException.NotFound("personal access token");
        await NoteEnd(tokenId);
    }

    private ValueTask NoteEnd(Guid sessionId)
    {
        endedSessions.Add(sessionId);
        return shared?.TellAsync(sessionId) ?? ValueTask.CompletedTask;
    }

    /// <summary>
    /// Hands a session's tokens out after it was listed: so there is none that its user cannot see and end. Those from
    /// before there were lists get into one at their next refresh.
    /// </summary>
    private async Task<TokenResponse> RespondAsync(SessionTokens session)
    {
        foreach (var ended in await grains.GetGrain<IUserSessionsGrain>(session.UserId).Add(session.SessionId))
            await NoteEnd(ended);

        return new TokenResponse(
            tokens.Issue(session.UserId, session.SessionId, session.Scopes),
            AccessTokenScheme.Name,
            (int)tokens.Lifetime.TotalSeconds,
            session.RefreshToken,
            Rights.Format(session.Scopes),
            session.DeviceToken);
    }
}
