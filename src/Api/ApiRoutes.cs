namespace IndiiMusic.Api;

/// <summary>The gateway's addresses.</summary>
public static class ApiRoutes
{
    /// <summary>What every REST route of this version begins with.</summary>
    public const string Base = "/api/v1";

    /// <summary>What every hub begins with.</summary>
    public const string Hubs = "/hubs";
}
