using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;

namespace IndiiMusic.Api.OpenApi;

/// <summary>
/// Bodies as they look in practice, from the file <c>examples.json</c> of each slice: by method and path,
/// a request, a response, or both. Tests hold each to its type.
/// </summary>
internal sealed class OpenApiExamples
{
    private readonly Dictionary<string, Example> _byOperation = Read();

    /// <summary>The operations that have examples, such as <c>POST /auth/login</c>.</summary>
    public IReadOnlyDictionary<string, Example> All => _byOperation;

    /// <summary>What an operation is called in the files.</summary>
    public static string NameOf(ApiDescription route) =>
        $"{route.HttpMethod} {$"/{route.RelativePath}"[ApiRoutes.Base.Length..]}";

    /// <summary>Puts an operation's examples where readers look for them.</summary>
    public void AddTo(OpenApiOperation operation, ApiDescription route)
    {
        if (!_byOperation.TryGetValue(NameOf(route), out var example))
            return;

        if (example.Request is not null && operation.RequestBody?.Content is { } request)
        {
            foreach (var body in request.Values)
                body.Example = example.Request.DeepClone();
        }

        var success = operation.Responses?.FirstOrDefault(response => response.Key.StartsWith('2')).Value;
        if (example.Response is not null && success?.Content is { } answer)
        {
            foreach (var body in answer.Values)
                body.Example = example.Response.DeepClone();
        }
    }

    private static Dictionary<string, Example> Read()
    {
        var assembly = typeof(OpenApiExamples).Assembly;
        var all = new Dictionary<string, Example>(StringComparer.Ordinal);
        var names = assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".examples.json", StringComparison.Ordinal));
        foreach (var name in names)
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            var slice = JsonSerializer.Deserialize<Dictionary<string, Example>>(file, JsonSerializerOptions.Web)!;
            foreach (var (operation, example) in slice)
                all.Add(operation, example);
        }

        return all;
    }

    /// <summary>What goes in and what comes out.</summary>
    internal sealed record Example(JsonNode? Request, JsonNode? Response);
}
