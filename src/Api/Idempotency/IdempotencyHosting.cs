namespace IndiiMusic.Api.Idempotency;

/// <summary><c>Idempotency-Key</c> on POST: the same key again gets the first answer and changes nothing.</summary>
public static class IdempotencyHosting
{
    /// <summary>Remembers answers. Goes behind authentication, as keys are each caller's own.</summary>
    public static IApplicationBuilder UseIndiiIdempotency(this IApplicationBuilder app) =>
        app.UseMiddleware<IdempotencyMiddleware>();

    /// <summary>
    /// Says that a route takes the key as its operation's id (<see cref="IdempotencyFeature"/>) and so keeps its own
    /// promise; its answers are not remembered a second time.
    /// </summary>
    public static TBuilder IdempotentByItself<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new IdempotentByItselfMetadata());
}

/// <summary>Marks routes that keep the promise themselves.</summary>
internal sealed record IdempotentByItselfMetadata;

/// <summary>What an idempotency key gives to the route that handles the request.</summary>
/// <param name="Key">The key as the caller sent it.</param>
/// <param name="DerivedId">
/// An id that follows from caller, route and key. A route that makes something under this id makes it once, even when
/// the process dies before the answer is remembered.
/// </param>
public sealed record IdempotencyFeature(string Key, Guid DerivedId);

/// <summary>The header fields' names.</summary>
internal static class IdempotencyHeaders
{
    public const string Key = "Idempotency-Key";
    public const string Replayed = "Idempotency-Replayed";
}
