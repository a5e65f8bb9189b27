using System.Text.Json;
using System.Text.Json.Nodes;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Tests.Hosting;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Grains.Tests.Tracks;

/// <summary>Every shape in which tracks were ever kept. A file that was released never changes.</summary>
public sealed class GoldenTrackTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, TrackState> Documents = new(StringComparer.Ordinal)
    {
        ["track.1"] = new TrackState
        {
            Revision = 3,
            OwnerId = new Guid("01938f7e-0000-7000-8000-00000000000a"),
            Visibility = TrackVisibility.Private,
            AddedAt = Time,
            Tags = new TrackTags(
                "Jóga",
                ["Björk", "Ana"],
                "Björk",
                "Homogenic",
                2,
                1,
                1997,
                ["Electronic"],
                new MusicBrainzIds(
                    new Guid("01938f7e-0000-7000-8000-000000000001"),
                    new Guid("01938f7e-0000-7000-8000-000000000002"),
                    new Guid("01938f7e-0000-7000-8000-000000000003"),
                    [new Guid("01938f7e-0000-7000-8000-000000000004")]),
                new ReplayGain(-7.25, 0.98, -6.5, 1)),
            Audio = new TrackAudio(
                "audio/ab12.flac", "ab12", 123_456, "audio/flac", "flac", 305_000, 900_000, 44_100, 2),
            Artwork = new Artwork("artwork/cd34", "image/jpeg"),
            SourcePaths = ["/music/Björk/Homogenic/02 Jóga.flac"],
        },
        ["track-bare.1"] = new TrackState
        {
            Revision = 1,
            AddedAt = Time,
            Tags = new TrackTags("noise", [], null, null, null, null, null, [], null, null),
            Audio = new TrackAudio("audio/ab12.wav", "ab12", 1, "audio/wav", "pcm_s16le", 1, null, 8_000, 1),
        },
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_document_is_written_and_read_as_it_always_was(string name)
    {
        var golden = JsonNode.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tracks", "Golden", name + ".json")));

        var written = JsonSerializer.SerializeToNode(Documents[name], TestGrainStorage.Json);
        var read = golden.Deserialize<TrackState>(TestGrainStorage.Json);

        Assert.True(JsonNode.DeepEquals(golden, written), $"{name} is now {written}");
        Assert.True(JsonNode.DeepEquals(golden, JsonSerializer.SerializeToNode(read, TestGrainStorage.Json)));
    }

    [Fact]
    public void A_track_s_id_follows_from_its_owner_and_its_bytes()
    {
        Assert.Equal(new Guid("898a1e74-cac5-8705-81b5-4f77572d0b56"), TrackId.Of(null, new string('a', 64)));
        Assert.NotEqual(TrackId.Of(null, new string('a', 64)), TrackId.Of(Guid.Empty, new string('a', 64)));
    }
}
