using System.Collections.Concurrent;
using System.Reflection;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Authentication;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// Who may call a route or a hub's method. The gateway turns away whose roles or token lack the permission; what they
/// may do with one certain resource, its grain decides.
/// </summary>
/// <param name="permissions">What it takes; nothing where being known is enough.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresAttribute(Permissions permissions) : Attribute
{
    /// <summary>What it takes of whoever is signed in.</summary>
    public Permissions Permissions { get; } = permissions;

    /// <summary>Whom it lets in who is not signed in.</summary>
    public Strangers Strangers { get; init; }

    /// <summary>The scopes that a token needs.</summary>
    public Scopes Scopes { get; } = Rights.ScopesFor(permissions);

    /// <summary>Makes sure that the roles and the token of somebody signed in allow it.</summary>
    /// <exception cref="IndiiException"><c>insufficient_scope</c> or <c>forbidden</c>.</exception>
    public void Check(ActorPrincipal principal)
    {
        if ((principal.Scopes & Scopes) != Scopes)
        {
            throw new IndiiException(
                ErrorCode.InsufficientScope,
                $"The access token lacks a scope that this needs: {Rights.Format(Scopes)}.");
        }

        principal.Actor.Require(Permissions);
    }
}

/// <summary>How a route takes those who are not signed in.</summary>
internal enum Strangers
{
    /// <summary>They have to sign in.</summary>
    Refused,

    /// <summary>They may read what is everybody's. A token that is sent must be good all the same.</summary>
    Admitted,

    /// <summary>It is made for them, and does not look at tokens.</summary>
    Expected,
}

/// <summary>How routes say who may call them, and how that is held.</summary>
internal static class Access
{
    private static readonly ConcurrentDictionary<MethodInfo, RequiresAttribute?> HubMethods = new();

    /// <summary>Only who is signed in and has the permission may call these routes.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder routes, Permissions permissions)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new RequiresAttribute(permissions));

    /// <summary>Anybody may call these routes; who is signed in needs the permission.</summary>
    public static TBuilder Admits<TBuilder>(this TBuilder routes, Permissions permissions)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new RequiresAttribute(permissions) { Strangers = Strangers.Admitted });

    /// <summary>These routes are for those who have no token yet, or none that is good.</summary>
    public static TBuilder AdmitsAnybody<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new RequiresAttribute(Permissions.None) { Strangers = Strangers.Expected });

    /// <summary>Holds each request against what its route says. It comes after authentication.</summary>
    public static IApplicationBuilder UseIndiiAccess(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var route = context.GetEndpoint();
        if (route?.Metadata.GetMetadata<RequiresAttribute>() is not { } access)
        {
            return route is RouteEndpoint { RoutePattern.RawText: { } path } && IsOurs(path)
                ? throw new InvalidOperationException($"The route {path} does not say who may call it.")
                : next(context);
        }

        if (access.Strangers == Strangers.Expected)
            return next(context);
        if (context.User is not ActorPrincipal principal)
        {
            var maySkip = access.Strangers == Strangers.Admitted && context.Request.Headers.Authorization.Count == 0;
            return maySkip ? next(context) : context.ChallengeAsync();
        }

        NameScopes(context, principal, access);
        access.Check(principal);
        return next(context);
    });

    /// <summary>What a hub's method takes.</summary>
    public static RequiresAttribute Of(MethodInfo hubMethod) =>
        HubMethods.GetOrAdd(hubMethod, static method => method.GetCustomAttribute<RequiresAttribute>())
        ?? throw new InvalidOperationException($"The hub's {hubMethod.Name} does not say who may call it.");

    private static bool IsOurs(string path) =>
        path.StartsWith(ApiRoutes.Base, StringComparison.Ordinal)
        || path.StartsWith(ApiRoutes.Hubs, StringComparison.Ordinal);

    /// <summary>Tells a client which scopes to ask for (RFC 6750, section 3.1).</summary>
    private static void NameScopes(HttpContext context, ActorPrincipal principal, RequiresAttribute access)
    {
        if ((principal.Scopes & access.Scopes) != access.Scopes)
        {
            context.Response.Headers.WWWAuthenticate =
                $"{AccessTokenScheme.Name} error=\"insufficient_scope\", scope=\"{Rights.Format(access.Scopes)}\"";
        }
    }
}
