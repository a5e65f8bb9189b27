namespace IndiiMusic.Api.OpenApi;

/// <summary>The codes that a route can fail with, beyond those that follow from its kind.</summary>
internal sealed record FailsMetadata(IReadOnlyList<ErrorCode> Codes);

/// <summary>What routes say of themselves for the API's description.</summary>
public static class OpenApiMetadata
{
    /// <summary>
    /// Names codes that this route can fail with. Left out is what follows by itself: see
    /// <see cref="ExpectedFailures"/>.
    /// </summary>
    public static TBuilder Fails<TBuilder>(this TBuilder routes, params ErrorCode[] codes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new FailsMetadata(codes));
}
