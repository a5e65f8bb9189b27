using System.Reflection;

namespace IndiiMusic.Grains.Interfaces.Tests;

/// <summary>
/// A call that is marked wrongly does harm only when a silo dies at the wrong moment, so that no other test would show
/// it: whoever marks one says here why it may be sent again.
/// </summary>
public sealed class SafeToRepeatTests
{
    private static readonly string[] Reads = ["CatchUp", "Find", "Get", "Is", "List", "Match", "Read", "RequireMay"];

    /// <summary>Calls that may change something, and why they may be sent again.</summary>
    private static readonly Dictionary<string, string> Changes = new(StringComparer.Ordinal)
    {
        ["ILibraryGrain.Note"] = "An older version than the one that was noted changes nothing.",
        ["IPersonalTokensGrain.Revoke"] = "It only ends something that never begins again.",
        ["IPersonalTokensGrain.Use"] = "The same use twice is noted as one.",
        ["IPlaylistGrain.Execute"] = "The operation id guards it.",
        ["IPlaylistGrain.ReplaceEntries"] = "The operation id guards it.",
        ["IPlaylistGrain.RevertToVersion"] = "The operation id guards it.",
        ["IPlaylistGrain.RevertUser"] = "The operation id guards it.",
        ["IPlaylistGrain.Subscribe"] = "The same observer twice is one.",
        ["IPlaylistGrain.Undo"] = "The operation id guards it.",
        ["IPlaylistGrain.Unsubscribe"] = "It only ends something, and its observer is its own caller's.",
        ["ISessionGrain.End"] = "It only ends something that never begins again.",
        ["ISessionGrain.Revoke"] = "It only ends something that never begins again.",
    };

    [Fact]
    public void Only_reads_and_calls_that_say_why_are_sent_again()
    {
        var marked = typeof(SafeToRepeatAttribute).Assembly.GetTypes()
            .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<SafeToRepeatAttribute>() is not null)
            .Where(method => !Reads.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal)))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(Changes.Keys.Order(StringComparer.Ordinal), marked);
    }
}
