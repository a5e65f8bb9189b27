using IndiiMusic.Api.Accounts;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Features;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Auth;

/// <summary>Making accounts, and sessions from log-in to log-out.</summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder api)
    {
        AuthMetrics.Prepare();
        var auth = api.MapGroup("/auth").WithTags("Auth").AdmitsAnybody();
        auth.AddEndpointFilter(NoteClient);
        auth.MapPost("/register", Register)
            .Needs(Feature.Registration)
            .Fails(ErrorCode.UsernameTaken, ErrorCode.EmailTaken);
        auth.MapPost("/login", LogIn).Fails(ErrorCode.InvalidCredentials, ErrorCode.SecondFactorRequired);
        auth.MapPost("/refresh", Refresh).Fails(ErrorCode.InvalidToken);
        auth.MapPost("/logout", LogOut).RefusesPersonalTokens();
        auth.MapPost("/step-up", StepUp)
            .Requires(Permissions.Profile)
            .RefusesPersonalTokens()
            .Fails(ErrorCode.InvalidCredentials, ErrorCode.SecondFactorRequired);
    }

    /// <summary>The public keys, at the address where standard clients look for them.</summary>
    public static void MapJwks(this IEndpointRouteBuilder root) =>
        root.MapGet("/.well-known/jwks.json", GetKeys).WithTags("Auth");

    /// <summary>Make an account.</summary>
    private static async Task<Created<ProfileResponse>> Register(
        RegisterRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var registration = grains.GetGrain<IRegistrationGrain>(IRegistrationGrain.Key);
        var profile = await registration.Register(
            new RegisterAccount(request.Username, request.Email, request.Password, request.DisplayName),
            cancellationToken);
        return TypedResults.Created($"{ApiRoutes.Base}/users/{profile.Id}", ProfileResponse.Of(profile));
    }

    /// <summary>Log in, and get the tokens of a new session.</summary>
    private static async Task<Ok<TokenResponse>> LogIn(
        LogInRequest request,
        Sessions sessions,
        RateLimiter limiter,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        DoNotStore(context.Response);
        var scopes = ScopesOf(request.Scope);
        return TypedResults.Ok(await AuthMetrics.CountLogInAsync(async () =>
        {
            await limiter.CountLogInAsync(context, request.Login);
            var start = new SessionStart(scopes, DeviceOf(request, context), AddressOf(context));
            return await sessions.LogIn(request, start, cancellationToken);
        }));
    }

    /// <summary>Trade a refresh token for a new pair of tokens.</summary>
    private static async Task<Ok<TokenResponse>> Refresh(
        RefreshRequest request, Sessions sessions, HttpResponse response)
    {
        DoNotStore(response);
        return TypedResults.Ok(await sessions.Refresh(request.RefreshToken));
    }

    /// <summary>End a session: a refresh token's, or the caller's own.</summary>
    private static async Task<NoContent> LogOut(LogOutRequest? request, Sessions sessions, HttpContext context)
    {
        if (request?.RefreshToken is { } refreshToken)
            await sessions.End(refreshToken);
        else
            await sessions.EndOwn(context);

        return TypedResults.NoContent();
    }

    /// <summary>Prove that it is still you, which sensitive actions need, for five minutes of this session.</summary>
    private static async Task<NoContent> StepUp(
        StepUpRequest request,
        Sessions sessions,
        RateLimiter limiter,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var caller = (ActorPrincipal)context.User;
        DoNotStore(context.Response);
        await limiter.CountLogInAsync(context, caller.Actor.RequireUser().ToString());
        await sessions.StepUp(caller, request.Password, request.Code, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Ok<JwksResponse> GetKeys(SigningKeys keys, HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new JwksResponse([.. keys.All.Select(SigningKeys.PublicPart).Select(key =>
            new JwksKey(key.Kty, key.Crv, key.X, key.Y, key.Use, key.Alg, key.Kid))]));
    }

    private static string? DeviceOf(LogInRequest request, HttpContext context) =>
        DeviceText.Clean(request.DeviceName) ?? DeviceText.Clean(context.Request.Headers.UserAgent.ToString());

    /// <summary>The whole address: it is for its own user's eyes only, and goes into no log.</summary>
    private static string? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped
            ? mapped.MapToIPv4().ToString()
            : context.Connection.RemoteIpAddress?.ToString();

    /// <summary>What a client asks for; a word that is not known is refused rather than left out in silence.</summary>
    private static Scopes ScopesOf(string? asked)
    {
        if (string.IsNullOrWhiteSpace(asked))
            return Scopes.Ordinary;

        var scopes = Rights.ParseScopes(asked, out var unknown);
        return unknown is null
            ? scopes
            : throw IndiiException.Invalid([new FieldError(
                "scope",
                $"holds a word that is no scope; there are {Rights.Format(Scopes.Ordinary | Scopes.Admin)}.")]);
    }

    /// <summary>Audit entries of log-ins say where they came from.</summary>
    private static async ValueTask<object?> NoteClient(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        if (ClientAddress.Shorten(invocation.HttpContext.Connection.RemoteIpAddress) is { } network)
            RequestTrace.NoteClient(network);
        return await next(invocation);
    }

    /// <summary>Tokens in an answer are for its reader alone (RFC 6749, section 5.1).</summary>
    internal static void DoNotStore(HttpResponse response) => response.Headers.CacheControl = "no-store";
}
