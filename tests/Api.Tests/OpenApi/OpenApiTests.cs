using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IndiiMusic.Api.Errors;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Tests.OpenApi;

[Collection(StandaloneCollection.Name)]
public sealed partial class OpenApiTests(StandaloneServer server)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    [Fact]
    public async Task The_document_names_exactly_the_routes_that_there_are()
    {
        var document = await ReadAsync();
        var described = Operations(document).Select(operation => operation.Name).Order();

        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(ApiRoutes.Base, StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
                $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "}").TrimEnd('/')}"))
            .Order();

        Assert.Equal("3.1", document["openapi"]!.GetValue<string>()[..3]);
        Assert.Equal(mapped, described);
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_for_who_may_call_it_and_how_it_fails()
    {
        foreach (var (name, operation) in Operations(await ReadAsync()))
        {
            Assert.True(operation["summary"]?.GetValue<string>().Length > 5, $"{name} has no summary");
            Assert.True(operation["security"] is JsonArray, $"{name} does not say who may call it");
            var responses = operation["responses"]!.AsObject();
            Assert.True(responses.Any(response => response.Key[0] == '2'), $"{name} never succeeds");
            Assert.True(responses.ContainsKey("429") && responses.ContainsKey("503"), $"{name} never fails");
            foreach (var (status, response) in responses.Where(response => response.Key[0] is '4' or '5'))
            {
                foreach (var (code, example) in response!["content"]!["application/problem+json"]!["examples"]!.AsObject())
                {
                    var value = example!["value"]!;
                    Assert.Equal(code, value["code"]!.GetValue<string>());
                    Assert.Equal(status, value["status"]!.ToString());
                }
            }
        }
    }

    [Fact]
    public async Task Every_body_has_an_example_that_its_type_can_read()
    {
        var document = await ReadAsync();
        var operations = Operations(document).ToDictionary(operation => operation.Name, operation => operation.Value);
        var json = server.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var routes = server.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>()
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items);
        var checkedCount = 0;
        foreach (var route in routes.Where(IsOfTheApi))
        {
            var operation = operations[NameOf(route)];
            var body = route.ParameterDescriptions.FirstOrDefault(parameter => parameter.Source == BindingSource.Body);
            if (body is not null)
                Check(operation["requestBody"]!["content"]!["application/json"]!["example"], body.Type);

            var success = route.SupportedResponseTypes.FirstOrDefault(response => response.StatusCode is 200 or 201 or 202);
            if (success?.Type is { } type && type != typeof(void)
                && operation["responses"]![$"{success.StatusCode}"]!["content"]?["application/json"] is { } answer)
                Check(answer["example"], type);

            void Check(JsonNode? example, Type of)
            {
                Assert.True(example is not null, $"{NameOf(route)} has no example of {of.Name}");
                Assert.NotNull(example.Deserialize(of, json));
                checkedCount++;
            }
        }

        Assert.True(checkedCount > 40, $"Only {checkedCount} bodies were found.");
    }

    [Fact]
    public async Task Every_code_is_in_the_schema_of_problems()
    {
        var document = await ReadAsync();

        var codes = document["components"]!["schemas"]!["Problem"]!["properties"]!["code"]!["enum"]!.AsArray()
            .Select(code => code!.GetValue<string>());

        Assert.Equal(Enum.GetValues<ErrorCode>().Select(code => ProblemKinds.Of(code).WireCode), codes);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = await ReadAsync();
        foreach (Match reference in Reference().Matches(document.ToJsonString()))
        {
            JsonNode? at = document;
            foreach (var step in reference.Groups["path"].Value.Split('/'))
                at = at?[step];
            Assert.True(at is not null, $"{reference.Value} leads nowhere");
        }
    }

    [Fact]
    public async Task The_document_is_answered_304_to_whoever_has_it()
    {
        using var client = server.CreateClient();
        using var first = await client.GetAsync("/openapi/v1.json");
        var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task The_docs_load_nothing_from_elsewhere()
    {
        using var client = server.CreateClient();

        var page = await client.GetStringAsync("/docs/");

        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        foreach (Match script in Script().Matches(page))
        {
            using var answer = await client.GetAsync($"/docs/{script.Groups["path"].Value}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("javascript", answer.Content.Headers.ContentType!.MediaType, StringComparison.Ordinal);
        }
    }

    private static bool IsOfTheApi(ApiDescription route) =>
        $"/{route.RelativePath}".StartsWith(ApiRoutes.Base, StringComparison.Ordinal);

    private static string NameOf(ApiDescription route) =>
        OpenApiExamples.NameOf(route).Replace(" ", " " + ApiRoutes.Base, StringComparison.Ordinal);

    private static IEnumerable<(string Name, JsonObject Value)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where Methods.Contains(operation.Key)
        select ($"{operation.Key.ToUpperInvariant()} {path.Key.TrimEnd('/')}", operation.Value!.AsObject());

    private async Task<JsonNode> ReadAsync()
    {
        using var client = server.CreateClient();
        return JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!;
    }

    [GeneratedRegex(":[a-z]+\\}")]
    private static partial Regex Constraint();

    [GeneratedRegex("\"\\$ref\":\"#/(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex("src=\"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Script();
}
