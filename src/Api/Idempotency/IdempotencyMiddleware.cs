using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Errors;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Idempotency;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Idempotency;

/// <summary>
/// Lets a POST with an <c>Idempotency-Key</c> through once for each caller and route, and answers repetitions with what
/// the first was answered. Not remembered: answers of 5xx, 401, 408 and 429, answers marked no-store, and bodies of
/// more than <see cref="IdempotencyLimits.BodyBytesMax"/> bytes.
/// </summary>
internal sealed partial class IdempotencyMiddleware(
    RequestDelegate next, IGrainFactory grains, ILogger<IdempotencyMiddleware> logger)
{
    private const int BufferedInMemoryBytesMax = 64 * 1024;

    private static readonly string[] KeptHeaders =
        [HeaderNames.ContentType, HeaderNames.ETag, HeaderNames.Location, HeaderNames.CacheControl];

    public Task InvokeAsync(HttpContext context)
    {
        var isKeyed = HttpMethods.IsPost(context.Request.Method)
            && context.Request.Headers.ContainsKey(IdempotencyHeaders.Key)
            && context.Request.Path.StartsWithSegments(ApiRoutes.Base, StringComparison.Ordinal);
        return isKeyed && context.GetEndpoint() is { } endpoint ? InvokeKeyedAsync(context, endpoint) : next(context);
    }

    private async Task InvokeKeyedAsync(HttpContext context, Endpoint endpoint)
    {
        var key = ReadKey(context.Request);
        var caller = CallerOf(context);
        var request = $"{caller}\n{context.Request.Path}\n{key}";
        context.Features.Set(new IdempotencyFeature(key, NameBasedId.Of("idempotency", request)));
        if (endpoint.Metadata.GetMetadata<IdempotentByItselfMetadata>() is not null)
        {
            await next(context);
            return;
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(request));
        var name = Convert.ToHexStringLower(hash);
        var grain = grains.GetGrain<IIdempotencyGrain>($"{caller}/{hash[0] % IdempotencyLimits.SharesPerCaller}");
        var turn = await grain.Begin(name, await FingerprintAsync(context.Request, key, context.RequestAborted));
        switch (turn.Outcome)
        {
            case IdempotencyOutcome.Begun:
                await WorkAsync(context, grain, name, turn.Ticket);
                break;
            case IdempotencyOutcome.Answered:
                await ReplayAsync(context, turn.Answer!);
                break;
            case IdempotencyOutcome.InProgress:
                throw new IndiiException(
                    ErrorCode.RequestInProgress, "The request with this Idempotency-Key is still being worked on.");
            default:
                throw new IndiiException(
                    ErrorCode.IdempotencyKeyReused,
                    "This Idempotency-Key came with another request before. Take a new key for a new request.");
        }
    }

    private static string ReadKey(HttpRequest request)
    {
        var values = request.Headers[IdempotencyHeaders.Key];
        return values is [{ Length: > 0 and <= IdempotencyLimits.KeyCharactersMax } key]
            && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? key
                : throw IndiiException.Invalid([new FieldError(
                    IdempotencyHeaders.Key,
                    $"It may be 1 to {IdempotencyLimits.KeyCharactersMax} visible ASCII characters, such as a UUID.")]);
    }

    private static string CallerOf(HttpContext context) => context.GetActor().UserId is { } userId
        ? $"user/{userId}"
        : $"address/{context.Connection.RemoteIpAddress}";

    /// <summary>
    /// What a repetition must match. The key goes in as salt, as a body can hold a password. A multipart body is left
    /// out: its boundary is another one each time it is sent, and it may be too large to be read twice.
    /// </summary>
    private static async Task<string> FingerprintAsync(
        HttpRequest request, string key, CancellationToken cancellationToken)
    {
        var mediaType = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.Value : "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{key}\n{request.QueryString}\n{mediaType}\n"));
        if (!mediaType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            request.EnableBuffering(BufferedInMemoryBytesMax);
            var buffer = new byte[8 * 1024];
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
                hash.AppendData(buffer, 0, read);

            request.Body.Position = 0;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task WorkAsync(HttpContext context, IIdempotencyGrain grain, string name, Guid ticket)
    {
        var direct = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var held = new HeldBody(direct.Stream);
        var isKept = false;
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(held, direct));
        try
        {
            await RunAsync(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            if (!held.IsTooLong && IsWorthKeeping(context.Response))
            {
                await KeepAsync(grain, name, ticket, AnswerOf(context.Response, held));
                isKept = true;
            }
        }
        finally
        {
            context.Features.Set(direct);
            if (!isKept)
                await grain.Abandon(name, ticket);
        }

        await held.ReleaseAsync(context.RequestAborted);
    }

    /// <summary>Refusals are answers too: they are written here, so that a repetition gets the same.</summary>
    private async Task RunAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (Failure.Of(exception) is { IsOurs: false } refusal)
        {
            await Problem.WriteAsync(context, refusal);
        }
    }

    private async Task KeepAsync(IIdempotencyGrain grain, string name, Guid ticket, KeptAnswer answer)
    {
        try
        {
            await grain.Complete(name, ticket, answer);
        }
        catch (Exception exception)
        {
            // The work is done and durable; the caller should hear so, even if a repetition could not be told.
            LogNotKept(exception, name);
        }
    }

    private static bool IsWorthKeeping(HttpResponse response) =>
        response.StatusCode < StatusCodes.Status500InternalServerError
        && response.StatusCode is not (StatusCodes.Status401Unauthorized
            or StatusCodes.Status408RequestTimeout
            or StatusCodes.Status429TooManyRequests)
        && (response.StatusCode >= StatusCodes.Status400BadRequest
            || !response.Headers.CacheControl.ToString().Contains("no-store", StringComparison.OrdinalIgnoreCase));

    private static KeptAnswer AnswerOf(HttpResponse response, HeldBody held) => new(
        response.StatusCode,
        KeptHeaders.Where(response.Headers.ContainsKey)
            .ToImmutableDictionary(name => name, name => response.Headers[name].ToString()),
        held.Held.ToArray());

    private static async Task ReplayAsync(HttpContext context, KeptAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;

        response.Headers[IdempotencyHeaders.Replayed] = "true";
        if (answer.Body.Length > 0)
        {
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }
}
