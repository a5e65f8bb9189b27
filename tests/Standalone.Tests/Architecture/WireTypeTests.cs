using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using IndiiMusic.Grains.Interfaces;

namespace IndiiMusic.Standalone.Tests.Architecture;

/// <summary>What crosses the wire lasts: STYLE.md, "Contracts that last".</summary>
public sealed partial class WireTypeTests
{
    private static readonly Assembly Contracts = typeof(Actor).Assembly;

    private static IEnumerable<Type> Own => Contracts.GetTypes()
        .Where(type => type.Namespace?.StartsWith("IndiiMusic.", StringComparison.Ordinal) == true)
        .Where(type => !type.Name.Contains('<', StringComparison.Ordinal));

    private static IEnumerable<Type> WireTypes => Own.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)));

    private static IEnumerable<Type> GrainInterfaces => Own.Where(type =>
        type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));

    [Fact]
    public void Wire_types_are_sealed_and_immutable_and_named()
    {
        Assert.NotEmpty(WireTypes);
        foreach (var type in WireTypes.Where(type => !typeof(Exception).IsAssignableFrom(type)))
        {
            Assert.True(type.IsSealed || type.IsAbstract, $"{type} is not sealed");
            Assert.True(type.IsDefined(typeof(ImmutableAttribute)), $"{type} is not marked immutable");
            Assert.True(Aliases(type).Any(alias => Alias().IsMatch(alias)), $"{type} has no alias of its own");
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                Assert.True(IsImmutable(property), $"{type}.{property.Name} can change");
        }
    }

    [Fact]
    public void Every_member_on_the_wire_has_a_number()
    {
        foreach (var type in WireTypes.Where(type => !typeof(Exception).IsAssignableFrom(type)))
        {
            var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => HasField(type, property));
            var ids = members.Select(property => property.GetCustomAttribute<IdAttribute>()?.Id).ToList();
            Assert.DoesNotContain(null, ids);
            Assert.Equal(ids.Count, ids.Distinct().Count());
        }
    }

    [Fact]
    public void Aliases_are_unique()
    {
        var aliases = WireTypes.Concat(GrainInterfaces)
            .SelectMany(type => Aliases(type).Distinct())
            .ToList();

        Assert.Equal(aliases.Count, aliases.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Grain_interfaces_and_their_methods_have_names_that_last()
    {
        Assert.NotEmpty(GrainInterfaces);
        foreach (var type in GrainInterfaces)
        {
            Assert.True(Aliases(type).Any(), $"{type} has no alias");
            Assert.All(type.GetMethods().Where(method => !method.IsSpecialName && !method.IsStatic), method =>
                Assert.True(method.IsDefined(typeof(AliasAttribute)), $"{type}.{method.Name} has no alias"));
        }
    }

    [Fact]
    public void Tokens_that_cancel_come_last()
    {
        foreach (var method in GrainInterfaces.SelectMany(type => type.GetMethods()))
        {
            var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
            var at = parameters.IndexOf(typeof(CancellationToken));
            Assert.True(at < 0 || at == parameters.Count - 1, $"{method.DeclaringType}.{method.Name}");
        }
    }

    private static IEnumerable<string> Aliases(Type type) =>
        type.GetCustomAttributes<AliasAttribute>(inherit: false).Select(attribute => attribute.Alias);

    private static bool IsImmutable(PropertyInfo property)
    {
        var type = property.PropertyType;
        var isInitOnly = property.SetMethod is null || property.SetMethod.ReturnParameter
            .GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
        var isMutableCollection = type != typeof(string)
            && typeof(IEnumerable).IsAssignableFrom(type)
            && type.Namespace != typeof(ImmutableArray).Namespace;
        return isInitOnly && !isMutableCollection && !type.IsArray;
    }

    private static bool HasField(Type type, PropertyInfo property) => type.GetField(
        $"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    [GeneratedRegex(@"^indii(\.[a-z0-9-]+)+(`\d)?$")]
    private static partial Regex Alias();
}
