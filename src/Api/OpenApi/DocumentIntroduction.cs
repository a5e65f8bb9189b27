using System.Reflection;
using System.Text.Json.Nodes;
using IndiiMusic.Api.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IndiiMusic.Api.OpenApi;

/// <summary>What holds for the whole API: its name, how to sign in, and the form of errors.</summary>
internal sealed class DocumentIntroduction : IOpenApiDocumentTransformer
{
    /// <summary>The name of the security scheme.</summary>
    public const string BearerScheme = "bearer";

    /// <summary>The name of the schema of errors.</summary>
    public const string ProblemSchema = "Problem";

    private const string Introduction = """
        A music platform that its owners run themselves.

        - Bodies are JSON with camelCase names, UUIDs and times in UTC (ISO 8601).
        - Errors are problem documents (RFC 9457) with a stable `code`.
        - Lists answer `{items, nextCursor}`; send `nextCursor` as `cursor` for the next page.
        - Reads carry an `ETag`; send it as `If-None-Match` to get 304 where nothing changed.
        - Every POST takes an `Idempotency-Key`: sent again within 24 hours, it gets the first answer.
        - `RateLimit` and `RateLimit-Policy` say how many requests are left; 429 comes with `Retry-After`.
        """;

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Indii Music",
            Version = typeof(DocumentIntroduction).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "1",
            Description = Introduction,
        };

        // Relative, so that it holds behind any name that a proxy gives to this server.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The accessToken that POST /auth/login answers with.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = Problem();
        return Task.CompletedTask;
    }

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "What went wrong (RFC 9457).",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("The kind of problem, as a name: not an address to visit."),
            ["title"] = Text("A short text that is the same for each problem of this kind."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
            ["detail"] = Text("What happened this time, in a sentence for people."),
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "The kind of problem, for programs; its meaning never changes.",
                Enum =
                [
                    .. Enum.GetValues<ErrorCode>().Select(code => JsonValue.Create(ProblemKinds.Of(code).WireCode)),
                ],
            },
            ["traceId"] = Text("Finds the request in the server's log."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "With invalid_request: what is wrong with each field, by its path in the body.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
        },
    };

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };
}
