namespace IndiiMusic.Api;

/// <summary>The gateway's addresses.</summary>
public static class ApiRoutes
{
    /// <summary>What every REST route of this version begins with.</summary>
    public const string Base = "/api/v1";

    /// <summary>What every hub begins with.</summary>
    public const string Hubs = "/hubs";

    /// <summary>The group that every slice maps its routes into.</summary>
    public static RouteGroupBuilder MapApiGroup(this IEndpointRouteBuilder routes) => routes.MapGroup(Base);
}
