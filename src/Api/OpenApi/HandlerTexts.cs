using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IndiiMusic.Api.OpenApi;

/// <summary>
/// The comments on handlers, from the documentation file beside the assembly. The framework reads those of public
/// members alone, and handlers are private.
/// </summary>
internal sealed partial class HandlerTexts
{
    private readonly ILookup<string, string> _summaries = Read();

    /// <summary>What stands above a handler; null when nothing does.</summary>
    public string? Of(MethodInfo handler) =>
        _summaries[$"M:{handler.DeclaringType?.FullName?.Replace('+', '.')}.{handler.Name}"].FirstOrDefault();

    private static ILookup<string, string> Read()
    {
        var file = Path.ChangeExtension(typeof(HandlerTexts).Assembly.Location, ".xml");
        var members = File.Exists(file) ? XDocument.Load(file).Descendants("member") : [];
        return members
            .Where(member => member.Element("summary") is not null)
            .ToLookup(
                member => member.Attribute("name")!.Value.Split('(')[0],
                member => Spaces().Replace(member.Element("summary")!.Value, " ").Trim());
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Spaces();
}
