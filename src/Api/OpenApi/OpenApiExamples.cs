using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.OpenApi;

namespace IndiiMusic.Api.OpenApi;

/// <summary>
/// Bodies as they look in practice: made of the type, unless a slice's file <c>examples.json</c> has a better one by
/// method and path. Tests hold each to its type.
/// </summary>
internal sealed partial class OpenApiExamples(ExampleBodies bodies)
{
    private readonly Dictionary<string, Example> _written = Read();

    /// <summary>What an operation is called in the files, such as <c>POST /auth/login</c>.</summary>
    public static string NameOf(ApiDescription route)
    {
        var path = $"/{route.RelativePath}"[ApiRoutes.Base.Length..].TrimEnd('/');
        return $"{route.HttpMethod} {Constraint().Replace(path, "")}";
    }

    /// <summary>Puts an operation's examples where readers look for them.</summary>
    public void AddTo(OpenApiOperation operation, ApiDescription route)
    {
        var written = _written.GetValueOrDefault(NameOf(route));
        var body = route.ParameterDescriptions.FirstOrDefault(parameter => parameter.Source == BindingSource.Body);
        if (body is not null)
            Put(operation.RequestBody?.Content, written?.Request ?? bodies.Of(body.Type));

        var success = route.SupportedResponseTypes.FirstOrDefault(response =>
            response.StatusCode is >= 200 and < 300 && response.Type is not null && response.Type != typeof(void));
        if (success is not null)
        {
            var answer = operation.Responses?.FirstOrDefault(response => response.Key.StartsWith('2')).Value;
            Put(answer?.Content, written?.Response ?? bodies.Of(success.Type!));
        }
    }

    private static void Put(IDictionary<string, OpenApiMediaType>? content, JsonNode? example)
    {
        if (example is not null && content is not null && content.TryGetValue("application/json", out var body))
            body.Example = example.DeepClone();
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

    /// <summary>What stands behind a parameter's name, as in <c>{id:guid}</c>.</summary>
    [GeneratedRegex(@":[a-z]+(?=\})", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Constraint();

    private sealed record Example(JsonNode? Request = null, JsonNode? Response = null);
}
