using System.Reflection;
using System.Text.Json;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Tests.Telemetry;

/// <summary>The fields that lines have, against the schema, the index template and the messages.</summary>
public sealed class EcsFieldsTests
{
    // What the schema allows: https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category
    private static readonly Dictionary<string, string[]> TypesOfCategories = new(StringComparer.Ordinal)
    {
        ["authentication"] = ["start", "end", "info"],
        ["session"] = ["start", "end", "info"],
        ["iam"] = ["admin", "change", "creation", "deletion", "group", "info", "user"],
        ["configuration"] = ["access", "change", "creation", "deletion", "info"],
        ["file"] = ["access", "change", "creation", "deletion", "info"],
    };

    [Fact]
    public void Every_field_is_the_schemas_with_its_type_or_our_own()
    {
        var schema = File.ReadLines(Path.Combine(Root(), "tests/Infrastructure.Tests/Telemetry/ecs-fields.txt"))
            .Where(line => !line.StartsWith('#'))
            .ToDictionary(line => line.Split(' ')[0], line => line.Split(' ')[1]);

        Assert.All(EcsFields.All.Where(field => !IsOwn(field.Key)), field =>
        {
            Assert.True(schema.TryGetValue(field.Key, out var type), $"{field.Key} is none of the schema's");
            Assert.Equal(type, NameOf(field.Value));
        });
    }

    [Fact]
    public void The_index_template_maps_every_field_and_no_other()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs/logs/index-template.json"));
        using var template = JsonDocument.Parse(text);
        var mappings = template.RootElement.GetProperty("template").GetProperty("mappings");

        var mapped = Leaves(mappings.GetProperty("properties"), "").ToDictionary();

        Assert.Equal(
            EcsFields.All.ToDictionary(field => field.Key, field => NameOf(field.Value)).OrderBy(pair => pair.Key),
            mapped.OrderBy(pair => pair.Key));
        Assert.Equal("labels.*", Assert.Single(mappings.GetProperty("dynamic_templates").EnumerateArray())
            .GetProperty("labels").GetProperty("path_match").GetString());
    }

    [Fact]
    public void Every_property_goes_into_a_field_that_exists() =>
        Assert.All(EcsFields.OfProperty.Values, field => Assert.True(EcsFields.All.ContainsKey(field), field));

    [Fact]
    public void An_audit_action_has_a_category_and_a_type_that_the_schema_allows()
    {
        var declared = typeof(AuditAction).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(AuditAction))
            .Select(property => (AuditAction)property.GetValue(null)!);

        Assert.Equal(declared, AuditAction.All);
        Assert.All(AuditAction.All, action => Assert.Contains(action.Type, TypesOfCategories[action.Category]));
        Assert.Equal(AuditAction.All.Count, AuditAction.All.Select(action => action.Name).Distinct().Count());
    }

    /// <summary>An id in a message goes by a name that says whose it is, so that a person's becomes a hash.</summary>
    [Fact]
    public void Ids_in_messages_are_a_persons_a_sessions_a_playlists_or_a_tracks()
    {
        string[] allowed = [.. PersonalProperties.Names, "PlaylistId", "TrackId", "Subscription"];
        var messages = ((string[])["IndiiMusic.Grains", "IndiiMusic.Infrastructure"]).SelectMany(name =>
            Assembly.Load(name).GetTypes()).SelectMany(type => type.GetMethods(
                BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(method => method.IsDefined(typeof(LoggerMessageAttribute)));
        var ids = messages.SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(Guid))
            .ToList();

        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Contains(id.Name!, allowed, StringComparer.OrdinalIgnoreCase));
    }

    private static bool IsOwn(string field) => field.StartsWith(EcsFields.Own, StringComparison.Ordinal);

    private static string NameOf(EcsType type) => type switch
    {
        EcsType.MatchOnlyText => "match_only_text",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<KeyValuePair<string, string>> Leaves(JsonElement properties, string prefix) =>
        properties.EnumerateObject().SelectMany(field => field.Value.TryGetProperty("properties", out var below)
            ? Leaves(below, $"{prefix}{field.Name}.")
            : [KeyValuePair.Create(prefix + field.Name, field.Value.GetProperty("type").GetString()!)]);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "IndiiMusic.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
