namespace IndiiMusic.Api.OpenApi;

/// <summary>What routes say of themselves for the API's description, where the framework cannot see it.</summary>
public static class OpenApiMetadata
{
    /// <summary>
    /// Names codes that this route can fail with. Left out is what follows by itself: see <see
    /// cref="ExpectedFailures"/>.
    /// </summary>
    public static TBuilder Fails<TBuilder>(this TBuilder routes, params ErrorCode[] codes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new FailsMetadata(codes));

    /// <summary>Says that the body is a file of one of these media types.</summary>
    public static TBuilder TakesFile<TBuilder>(this TBuilder routes, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new FileBodyMetadata(mediaTypes));

    /// <summary>
    /// Says that the body is multipart/form-data with a part "file" and, optionally, a part of JSON.
    /// </summary>
    public static IEndpointConventionBuilder TakesUpload<TPart>(this IEndpointConventionBuilder route, string part) =>
        route.WithMetadata(new UploadMetadata(part, typeof(TPart)));

    /// <summary>Says that the answer is a file of one of these media types.</summary>
    public static TBuilder AnswersFile<TBuilder>(this TBuilder routes, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new FileAnswerMetadata(mediaTypes)).Fails(ErrorCode.VersionMismatch);

    /// <summary>Says that the caller may be sent elsewhere for the file.</summary>
    public static TBuilder MayRedirect<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new RedirectMetadata());
}

/// <summary>The answer may be 307.</summary>
internal sealed record RedirectMetadata;

/// <summary>The codes that a route can fail with, beyond those that follow from its kind.</summary>
internal sealed record FailsMetadata(IReadOnlyList<ErrorCode> Codes);

/// <summary>The media types of a body that is a file.</summary>
internal sealed record FileBodyMetadata(IReadOnlyList<string> MediaTypes);

/// <summary>The part of JSON that may stand beside an uploaded file.</summary>
internal sealed record UploadMetadata(string Part, Type PartType);

/// <summary>The media types of an answer that is a file.</summary>
internal sealed record FileAnswerMetadata(IReadOnlyList<string> MediaTypes);
