using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Idempotency;
using IndiiMusic.Grains.Interfaces;
using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace IndiiMusic.Api.OpenApi;

/// <summary>The codes that a route can fail with: those it names, and those that follow from what it takes.</summary>
internal static class ExpectedFailures
{
    public static IReadOnlyList<ErrorCode> Of(ApiDescription route)
    {
        var metadata = route.ActionDescriptor.EndpointMetadata;
        var hasBody = route.SupportedRequestFormats.Count > 0
            || metadata.Any(item => item is FileBodyMetadata or UploadMetadata);
        var writes = route.HttpMethod is not ("GET" or "HEAD");
        var codes = new SortedSet<ErrorCode>(metadata.OfType<FailsMetadata>().SelectMany(fails => fails.Codes))
        {
            ErrorCode.RateLimited, ErrorCode.Internal, ErrorCode.StorageUnavailable,
            ErrorCode.DependencyUnavailable, ErrorCode.Timeout,
        };
        var access = metadata.OfType<RequiresAttribute>().Last();
        Add(access.Strangers != Strangers.Expected, ErrorCode.Unauthenticated);
        Add(access.Permissions != Permissions.None, ErrorCode.InsufficientScope, ErrorCode.Forbidden);
        Add(hasBody || route.ParameterDescriptions.Count > 0, ErrorCode.InvalidRequest);
        Add(hasBody, ErrorCode.PayloadTooLarge, ErrorCode.UnsupportedMedia);
        Add(writes, ErrorCode.WriteConflict);
        Add(route.RelativePath!.Contains('{', StringComparison.Ordinal), ErrorCode.NotFound);
        Add(IsRemembered(route), ErrorCode.RequestInProgress, ErrorCode.IdempotencyKeyReused);
        return [.. codes];

        void Add(bool applies, params ReadOnlySpan<ErrorCode> further)
        {
            if (!applies)
                return;
            foreach (var code in further)
                codes.Add(code);
        }
    }

    /// <summary>True where answers are remembered under an idempotency key.</summary>
    public static bool IsRemembered(ApiDescription route) =>
        route.HttpMethod == "POST"
        && !route.ActionDescriptor.EndpointMetadata.OfType<IdempotentByItselfMetadata>().Any();
}
