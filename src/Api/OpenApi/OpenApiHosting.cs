using System.Security.Cryptography;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace IndiiMusic.Api.OpenApi;

/// <summary>The API's own description, for programs and for people.</summary>
public static class OpenApiHosting
{
    private const string Document = "v1";
    private const string Path = "/openapi/v1.json";

    /// <summary>Adds the description.</summary>
    public static IServiceCollection AddIndiiOpenApi(this IServiceCollection services)
    {
        services.AddOpenApi(Document, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = route =>
                route.RelativePath?.StartsWith(ApiRoutes.Base.TrimStart('/'), StringComparison.Ordinal) == true;
            options.AddDocumentTransformer<DocumentIntroduction>();
            options.AddSchemaTransformer<ValueSchemas>();
            options.AddOperationTransformer<OperationFiles>();
            options.AddOperationTransformer<OperationCompletion>();
        });
        services.AddSingleton<HandlerTexts>();
        services.AddSingleton<ExampleBodies>();
        services.AddSingleton<OpenApiExamples>();
        services.AddSingleton<OpenApiText>();
        return services;
    }

    /// <summary>Maps <c>/openapi/v1.json</c>, and <c>/docs</c>, whose scripts come from this server alone.</summary>
    public static void MapIndiiOpenApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async (OpenApiText text, HttpContext context) =>
        {
            var (body, etag) = await text.GetAsync(context.RequestAborted);
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(body, "application/json", entityTag: new(etag));
        });
        routes.MapScalarApiReference("/docs", options => options
            .WithTitle("Indii Music")
            .WithOpenApiRoutePattern(Path)
            .AddPreferredSecuritySchemes(DocumentIntroduction.BearerScheme)
            .DisableDefaultFonts()
            .DisableTelemetry()
            // What would send a reader, or what they type, to the page's maker.
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools());
    }
}

/// <summary>The description as JSON, made when it is first asked for.</summary>
internal sealed class OpenApiText([FromKeyedServices("v1")] IOpenApiDocumentProvider documents)
{
    private volatile Made? _made;

    public async Task<(byte[] Body, string ETag)> GetAsync(CancellationToken cancellationToken)
    {
        // Two first readers make it twice, the same both times.
        var made = _made ??= await MakeAsync(cancellationToken);
        return (made.Body, made.ETag);
    }

    private async Task<Made> MakeAsync(CancellationToken cancellationToken)
    {
        var document = await documents.GetOpenApiDocumentAsync(cancellationToken);
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        var body = System.Text.Encoding.UTF8.GetBytes(json);
        return new Made(body, $"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"");
    }

    private sealed record Made(byte[] Body, string ETag);
}
