using System.Text.Json;
using System.Text.Json.Nodes;
using IndiiMusic.Api.Playlists;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IndiiMusic.Api.OpenApi;

/// <summary>Describes values that converters of ours write, which the framework cannot look into.</summary>
internal sealed class ValueSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var declared = context.JsonTypeInfo.Type;
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum =
                [.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))];
        }
        else if (type == typeof(EntryAnchor))
        {
            schema.OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                new OpenApiSchema { Type = JsonSchemaType.String, Enum = [EntryAnchor.StartText] },
            ];
        }

        return Task.CompletedTask;
    }
}
