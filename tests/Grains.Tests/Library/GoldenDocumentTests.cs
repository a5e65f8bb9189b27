using System.Text.Json;
using System.Text.Json.Nodes;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Library;
using IndiiMusic.Grains.Tests.Hosting;

namespace IndiiMusic.Grains.Tests.Library;

/// <summary>Every shape that libraries were ever kept in. A released file never changes.</summary>
public sealed class GoldenDocumentTests
{
    private static readonly Guid First = new("01938f7e-0000-7000-8000-00000000000a");
    private static readonly Guid Second = new("01938f7e-0000-7000-8000-00000000000b");
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, object> Documents = new(StringComparer.Ordinal)
    {
        ["library.1"] = new LibraryState
        {
            Playlists =
            [
                new LibraryItem(1, First, 12, PlaylistRole.Contributor, Time),
                new LibraryItem(2, Second, 40, Role: null, Time),
            ],
        },
        ["following.1"] = new FollowingState { Playlists = [new ChosenItem(1, First, Time)] },
        ["favourites.1"] = new FavouritesState
        {
            Tracks = [new ChosenItem(1, First, Time), new ChosenItem(2, Second, Time)],
        },
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_document_is_written_and_read_as_it_always_was(string name)
    {
        var document = Documents[name];
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Library", "Golden", name + ".json"));

        var written = JsonSerializer.SerializeToNode(document, document.GetType(), TestGrainStorage.Json);
        var read = JsonSerializer.Deserialize(golden, document.GetType(), TestGrainStorage.Json);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), written), $"{name} is now {written}");
        Assert.True(JsonNode.DeepEquals(
            written, JsonSerializer.SerializeToNode(read, document.GetType(), TestGrainStorage.Json)));
    }
}
