using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Errors;
using IndiiMusic.Api.Idempotency;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Idempotency;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IndiiMusic.Api.OpenApi;

/// <summary>Adds to each operation what the framework cannot see: errors, who may call, keys and examples.</summary>
internal sealed class OperationCompletion(OpenApiExamples examples, HandlerTexts texts) : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var route = context.Description;
        var document = context.Document!;
        var metadata = route.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<MethodInfo>().FirstOrDefault() is { } handler)
            operation.Summary ??= texts.Of(handler);

        NameParameters(operation);
        AddErrors(operation, ExpectedFailures.Of(route), document);
        if (metadata.OfType<FileAnswerMetadata>().Any())
        {
            var kind = ProblemKinds.Of(ErrorCode.InvalidRequest) with { Status = 416 };
            operation.Responses!["416"] = Error([kind], document);
        }

        AddSecurity(operation, metadata.OfType<RequiresAttribute>().Last(), document);
        if (route.HttpMethod == "POST")
        {
            AddIdempotencyKey(operation);
        }

        examples.AddTo(operation, route);
        return Task.CompletedTask;
    }

    /// <summary>Parameters are bound in any case; the members of query records are written as all others are.</summary>
    private static void NameParameters(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
    }

    private static void AddErrors(
        OpenApiOperation operation, IEnumerable<ErrorCode> codes, OpenApiDocument document)
    {
        operation.Responses ??= [];
        foreach (var status in codes.Select(ProblemKinds.Of).GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = Error([.. status], document);
        }
    }

    private static OpenApiResponse Error(IReadOnlyCollection<ProblemKind> kinds, OpenApiDocument document) => new()
    {
        Description = string.Join("; ", kinds.Select(kind => $"{kind.Title} (`{kind.WireCode}`)")) + ".",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problem.ContentType] = new()
            {
                Schema = new OpenApiSchemaReference(DocumentIntroduction.ProblemSchema, document),
                Examples = kinds.ToDictionary(
                    kind => kind.WireCode,
                    IOpenApiExample (kind) => new OpenApiExample { Summary = kind.Title, Value = Example(kind) }),
            },
        },
    };

    private static JsonObject Example(ProblemKind kind)
    {
        var example = new JsonObject
        {
            ["type"] = kind.Type,
            ["title"] = kind.Title,
            ["status"] = kind.Status,
            ["detail"] = $"{kind.Title}: what happened this time.",
            ["code"] = kind.WireCode,
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
        if (kind == ProblemKinds.Of(ErrorCode.InvalidRequest))
        {
            example["detail"] = "name: It is required.";
            example["errors"] = new JsonObject { ["name"] = new JsonArray("It is required.") };
        }

        return example;
    }

    /// <summary>
    /// Where a token is not needed it may still be sent, and then says more of what the caller may see. The scopes that
    /// it takes stand with it, as OpenAPI 3.1 lets them; the permission has a member of its own.
    /// </summary>
    private static void AddSecurity(OpenApiOperation operation, RequiresAttribute access, OpenApiDocument document)
    {
        var bearer = new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(DocumentIntroduction.BearerScheme, document)] =
                [.. Rights.Format(access.Scopes).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        };
        operation.Security = access.Strangers == Strangers.Refused
            ? [bearer]
            : [new OpenApiSecurityRequirement(), bearer];
        if (access.Strangers == Strangers.Expected)
            return;
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-permission"] =
            new JsonNodeExtension(JsonValue.Create(Rights.Format(access.Permissions)));
    }

    private static void AddIdempotencyKey(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = IdempotencyHeaders.Key,
            In = ParameterLocation.Header,
            Description = "Chosen by the caller for one request, such as a UUID. The same request sent again under it "
                + "changes nothing and gets the first answer.",
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = IdempotencyLimits.KeyCharactersMax,
            },
        });
    }
}
