using System.Reflection;

namespace IndiiMusic.Standalone.Tests.Architecture;

/// <summary>References point one way: DESIGN.md, section 2.</summary>
public sealed class ReferenceTests
{
    private const string Prefix = "IndiiMusic.";

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Grains.Interfaces"],
        ["Infrastructure"] = ["Grains", "Grains.Interfaces"],
        ["Silo"] = ["Grains", "Grains.Interfaces", "Infrastructure"],
        ["Api"] = ["Grains", "Grains.Interfaces", "Infrastructure"],
        ["Standalone"] = ["Silo", "Api", "Grains", "Grains.Interfaces", "Infrastructure"],
    };

    /// <summary>
    /// What of Grains the gateway may know: ports that it reads through itself, and what their failures mean.
    /// </summary>
    private static readonly string[] PortsOfTheGateway =
    [
        "IndiiMusic.Grains.Auditing", "IndiiMusic.Grains.Auth", "IndiiMusic.Grains.EventLog",
        "IndiiMusic.Grains.Objects", "IndiiMusic.Grains.Tracks",
    ];

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_stands_below_it(string project)
    {
        var references = Load(project).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..]);

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Fact]
    public void The_gateway_never_sees_a_grain_class()
    {
        var grains = Load("Grains").GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type) && !type.IsAbstract);

        Assert.All(grains, grain => Assert.False(grain.IsVisible, $"{grain} is public"));
    }

    [Fact]
    public void The_gateway_uses_only_ports_of_the_grains()
    {
        var used = TypesUsedBy(Load("Api")).Where(type => type.Assembly == Load("Grains"))
            .Select(type => type.Namespace!)
            .Distinct();

        Assert.Empty(used.Except(PortsOfTheGateway));
    }

    [Fact]
    public void Programs_only_name_what_they_are_made_of()
    {
        var root = Source.Root;
        foreach (var file in (string[])["Api", "Silo", "Standalone"])
        {
            var lines = File.ReadAllLines(Path.Combine(root, "src", file, "Program.cs"));
            Assert.InRange(lines.Length, 1, 20);
        }
    }

    private static Assembly Load(string project) => Assembly.Load(Prefix + project);

    private static IEnumerable<Type> TypesUsedBy(Assembly assembly)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return assembly.GetTypes().SelectMany(type => type.GetFields(All).Select(field => field.FieldType)
            .Concat(type.GetProperties(All).Select(property => property.PropertyType))
            .Concat(type.GetMethods(All).Select(method => method.ReturnType))
            .Concat(type.GetMethods(All).SelectMany(method => method.GetParameters()).Select(each => each.ParameterType))
            .Concat(type.GetConstructors(All).SelectMany(each => each.GetParameters()).Select(each => each.ParameterType)))
            .SelectMany(Parts)
            .Distinct();
    }

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType
        ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type) : [type];
}
