using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IndiiMusic.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using YamlDotNet.Serialization;

namespace IndiiMusic.Deployment.Tests.Chart;

/// <summary>
/// As much of Kubernetes's API as helm talks to: objects are kept as they come and given back. Nothing runs, nothing is
/// defaulted, and applying an object replaces it, which is right while there is one who applies.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    /// <summary>Group and version, plural and kind of everything in the chart.</summary>
    private static readonly (string Api, string Plural, string Kind)[] Resources =
    [
        ("v1", "configmaps", "ConfigMap"), ("v1", "secrets", "Secret"), ("v1", "services", "Service"),
        ("v1", "serviceaccounts", "ServiceAccount"), ("v1", "pods", "Pod"), ("apps/v1", "deployments", "Deployment"),
        ("autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
        ("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"),
        ("networking.k8s.io/v1", "ingresses", "Ingress"), ("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
        ("monitoring.coreos.com/v1", "servicemonitors", "ServiceMonitor"),
        ("monitoring.coreos.com/v1", "prometheusrules", "PrometheusRule"),
    ];

    private const string OpenApi = "/openapi/v3";

    private readonly ConcurrentDictionary<string, JsonObject> _objects = new();
    private readonly WebApplication _server;
    private int _version;

    private ApiServer(WebApplication server, string address)
    {
        _server = server;
        Address = address;
    }

    /// <summary>Where it answers.</summary>
    public string Address { get; }

    /// <summary>Starts one that holds nothing.</summary>
    public static async Task<ApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        builder.WebHost.UseUrls(address);
        var server = new ApiServer(builder.Build(), address);
        server._server.Run(server.AnswerAsync);
        await server._server.StartAsync();
        return server;
    }

    /// <summary>An object of the release's namespace, by its plural and name; null when there is none.</summary>
    public JsonObject? Find(string plural, string name) => _objects
        .FirstOrDefault(each => each.Key.EndsWith($"/{plural}/{name}", StringComparison.Ordinal)).Value;

    /// <summary>The names of all objects of a kind.</summary>
    public IReadOnlyList<string> Names(string plural) =>
    [
        .. _objects.Keys.Where(path => path.Contains($"/{plural}/", StringComparison.Ordinal))
            .Select(path => path[(path.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimEnd('/');
        return Described(path) is { } description
            ? WriteAsync(context, description)
            : AnswerObjectAsync(context, path);
    }

    /// <summary>What this API has.</summary>
    private static JsonObject? Described(string path) => path switch
    {
        "/version" => new() { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0" },
        "/api" => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        "/apis" => new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Resources.Select(each => each.Api).Distinct().Where(api => api != "v1")
                .Select(api => (JsonNode)new JsonObject
                {
                    ["name"] = api.Split('/')[0],
                    ["versions"] = new JsonArray(Version(api)),
                    ["preferredVersion"] = Version(api),
                })]),
        },
        "/openapi/v3" => new()
        {
            ["paths"] = new JsonObject(Resources.Select(each => Prefix(each.Api)[1..]).Distinct().Select(prefix =>
                new KeyValuePair<string, JsonNode?>(
                    prefix, new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{prefix}?hash=0" }))),
        },
        _ when path.StartsWith(OpenApi, StringComparison.Ordinal) => Validated(path[OpenApi.Length..]),
        _ => Resources.Any(each => path == Prefix(each.Api)) ? DescribedGroup(path) : null,
    };

    /// <summary>Says that the server itself holds objects to their types, so that helm does not.</summary>
    private static JsonObject Validated(string prefix) => new()
    {
        ["openapi"] = "3.0.0",
        ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.34.0" },
        ["paths"] = new JsonObject(Resources.Where(each => Prefix(each.Api) == prefix).Select(each =>
            new KeyValuePair<string, JsonNode?>(
                $"{prefix}/namespaces/{{namespace}}/{each.Plural}/{{name}}",
                new JsonObject { ["patch"] = Patch(each.Api, each.Kind) }))),
    };

    private static JsonObject Patch(string api, string kind) => new()
    {
        ["parameters"] = new JsonArray(
            new JsonObject { ["name"] = "fieldValidation", ["in"] = "query" },
            new JsonObject { ["name"] = "dryRun", ["in"] = "query" }),
        ["responses"] = new JsonObject(),
        ["x-kubernetes-group-version-kind"] = new JsonObject
        {
            ["group"] = api == "v1" ? "" : api.Split('/')[0],
            ["version"] = api.Split('/')[^1],
            ["kind"] = kind,
        },
    };

    private static JsonObject DescribedGroup(string path) => new()
    {
        ["kind"] = "APIResourceList",
        ["groupVersion"] = Resources.First(each => Prefix(each.Api) == path).Api,
        ["resources"] = new JsonArray([.. Resources.Where(each => Prefix(each.Api) == path)
            .Select(each => (JsonNode)new JsonObject
            {
                ["name"] = each.Plural,
                ["singularName"] = each.Kind.ToLowerInvariant(),
                ["namespaced"] = true,
                ["kind"] = each.Kind,
                ["verbs"] = new JsonArray("get", "list", "create", "update", "patch", "delete"),
            })]),
    };

    private static JsonObject Version(string api) =>
        new() { ["groupVersion"] = api, ["version"] = api.Split('/')[1] };

    private static string Prefix(string api) => api == "v1" ? "/api/v1" : $"/apis/{api}";

    private async Task AnswerObjectAsync(HttpContext context, string path)
    {
        var isCollection = Resources.Any(each => path.EndsWith($"/{each.Plural}", StringComparison.Ordinal));
        switch (context.Request.Method)
        {
            case "GET" when isCollection:
                await WriteAsync(context, List(path, context.Request.Query["labelSelector"].ToString()));
                break;
            case "GET" when _objects.TryGetValue(path, out var found):
                await WriteAsync(context, found);
                break;
            case "POST":
                var made = await ReadAsync(context.Request);
                await KeepAsync(context, $"{path}/{made["metadata"]!["name"]}", made, StatusCodes.Status201Created);
                break;
            case "PUT" or "PATCH":
                await KeepAsync(context, path, await ReadAsync(context.Request), StatusCodes.Status200OK);
                break;
            case "DELETE" when _objects.TryRemove(path, out var removed):
                await WriteAsync(context, removed);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await WriteAsync(context, new JsonObject
                {
                    ["kind"] = "Status",
                    ["apiVersion"] = "v1",
                    ["status"] = "Failure",
                    ["reason"] = "NotFound",
                    ["message"] = $"{context.Request.Method} {path} was not found",
                    ["code"] = StatusCodes.Status404NotFound,
                });
                break;
        }
    }

    private Task KeepAsync(HttpContext context, string path, JsonObject kept, int status)
    {
        kept["metadata"]!["namespace"] = RenderedChart.Namespace;
        kept["metadata"]!["resourceVersion"] = $"{Interlocked.Increment(ref _version)}";
        _objects[path] = kept;
        context.Response.StatusCode = status;
        return WriteAsync(context, kept);
    }

    private JsonObject List(string path, string selector)
    {
        var wanted = selector.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[^1]);
        var resource = Resources.First(each => path.EndsWith($"/{each.Plural}", StringComparison.Ordinal));
        var items = _objects.Where(each => each.Key.StartsWith(path + "/", StringComparison.Ordinal)
            && wanted.All(label => each.Value["metadata"]!["labels"]?[label.Key]?.GetValue<string>() == label.Value));
        return new JsonObject
        {
            ["kind"] = $"{resource.Kind}List",
            ["apiVersion"] = resource.Api,
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. items.Select(each => each.Value.DeepClone())]),
        };
    }

    /// <summary>What was sent: protocol buffers, JSON, or the YAML in which objects are applied.</summary>
    private static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        using var sent = new MemoryStream();
        await request.Body.CopyToAsync(sent);
        if (request.ContentType == "application/vnd.kubernetes.protobuf")
            return SentSecret.Read(sent.ToArray());
        var text = Encoding.UTF8.GetString(sent.ToArray());
        if (!text.StartsWith('{'))
        {
            using var yaml = new StringReader(text);
            text = new SerializerBuilder().JsonCompatible().Build().Serialize(
                new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml)!);
        }

        return JsonNode.Parse(text)!.AsObject();
    }

    private static Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString())).AsTask();
    }
}
