using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace IndiiMusic.Api.OpenApi;

/// <summary>Describes bodies and answers that are files.</summary>
internal sealed class OperationFiles : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<FileBodyMetadata>().FirstOrDefault() is { } body)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Files(body.MediaTypes) };

        if (metadata.OfType<UploadMetadata>().FirstOrDefault() is { } upload)
        {
            var part = await context.GetOrCreateSchemaAsync(
                upload.PartType, parameterDescription: null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Upload(upload.Part, part) };
        }

        if (metadata.OfType<FileAnswerMetadata>().FirstOrDefault() is { } answer)
        {
            operation.Responses ??= [];
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = "The file.",
                Content = Files(answer.MediaTypes),
            };
            operation.Responses["206"] = new OpenApiResponse
            {
                Description = "The bytes that Range asks for, where the file has ranges.",
                Content = Files(answer.MediaTypes),
            };
            operation.Responses["304"] = new OpenApiResponse { Description = "The caller has it." };
        }

        if (metadata.OfType<RedirectMetadata>().Any())
        {
            operation.Responses ??= [];
            operation.Responses["307"] = new OpenApiResponse
            {
                Description = "The file is at Location for a while; the access token must not be sent there.",
            };
        }
    }

    private static Dictionary<string, OpenApiMediaType> Files(IEnumerable<string> mediaTypes) =>
        mediaTypes.ToDictionary(mediaType => mediaType, _ => new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
        });

    private static Dictionary<string, OpenApiMediaType> Upload(string partName, IOpenApiSchema part) => new()
    {
        ["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "file" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                    [partName] = part,
                },
            },
            Encoding = new Dictionary<string, OpenApiEncoding>
            {
                [partName] = new() { ContentType = "application/json" },
            },
        },
    };
}
