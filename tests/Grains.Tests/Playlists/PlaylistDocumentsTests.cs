using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>
/// Golden files: every shape that was ever written to a store, which must be read for ever. A changed shape gets a new
/// name and a new file; the old file stays.
/// </summary>
public sealed class PlaylistDocumentsTests
{
    private static readonly Guid A = new("0197aaaa-0000-7000-8000-000000000001");
    private static readonly Guid B = new("0197bbbb-0000-7000-8000-000000000002");
    private static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> EventNames => [.. Events.Keys];

    private static Dictionary<string, PlaylistEvent> Events { get; } = new(StringComparer.Ordinal)
    {
        ["playlist-created.1"] = new PlaylistCreated(
            "Road trip", "Songs", PlaylistVisibility.Unlisted, DuplicatePolicy.Warn, new ForkOrigin(A, 7)),
        ["details-changed.1"] = new DetailsChanged("Name", "Text", PlaylistVisibility.Public, DuplicatePolicy.Reject),
        ["playlist-deleted.1"] = new PlaylistDeleted(),
        ["entries-added.1"] = new EntriesAdded(4, [A, B], After: 2, Place: 3, AddedBy: B),
        ["entries-moved.1"] = new EntriesMoved([4, 5], After: 1, Place: 2, Placed: [3, 9]),
        ["entries-removed.1"] = new EntriesRemoved([4, 5]),
        ["entries-restored.1"] = new EntriesRestored(
            [new RestoredEntry(4, A, B, At, After: 1, InPlace: true), new RestoredEntry(5, B, A, At, After: 4, InPlace: false)]),
        ["operation-noted.1"] = new OperationNoted(),
        ["collaborator-set.1"] = new CollaboratorSet(B, PlaylistRole.Editor),
        ["collaborator-removed.1"] = new CollaboratorRemoved(B),
        ["invite-created.1"] = new InviteCreated(3, "c2VjcmV0", PlaylistRole.Viewer, At, 5, Approval: true),
        ["invite-revoked.1"] = new InviteRevoked(3),
        ["invite-used.1"] = new InviteUsed(3, B, PlaylistRole.Viewer),
        ["join-requested.1"] = new JoinRequested(3, B, PlaylistRole.Suggester),
        ["join-request-resolved.1"] = new JoinRequestResolved(B, PlaylistRole.Suggester, Approved: true),
        ["suggestion-made.1"] = new SuggestionMade(2, [A], After: 4),
        ["suggestion-resolved.1"] = new SuggestionResolved(2, Approved: true),
    };

    [Theory]
    [MemberData(nameof(EventNames))]
    public void An_event_is_stored_in_its_golden_shape_and_read_back(string name)
    {
        var record = new PlaylistCommandRecord("op-1", A, "app", At, [Events[name]], 8, 3, Results: null);
        var written = PlaylistDocuments.WriteBatch([record]);
        Golden.Check($"Playlists/Golden/{name}.json", written);

        var golden = Golden.Read($"Playlists/Golden/{name}.json");
        var command = Assert.Single(PlaylistDocuments.ReadBatch(new EventBatch("playlist/x", 9, 1, At, golden)));
        Assert.Equal(written, PlaylistDocuments.WriteBatch([command.Record]));
    }

    [Fact]
    public void Every_event_has_a_golden_file() => Assert.Equal(
        typeof(PlaylistEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(type => type.DerivedType).ToHashSet(),
        Events.Values.Select(happened => happened.GetType()).ToHashSet());

    [Fact]
    public void Answers_are_stored_in_their_golden_shape()
    {
        var results = new OperationResultDocument[]
        {
            new(OperationOutcome.Applied, [1, 2], null, null, [B]),
            new(OperationOutcome.Skipped, [], [3], null, null),
            new(OperationOutcome.Suggested, [], null, 4, null),
        };
        var record = new PlaylistCommandRecord("op-1", A, null, At, [new OperationNoted()], 8, 3, [.. results]);
        Golden.Check("Playlists/Golden/answers.1.json", PlaylistDocuments.WriteBatch([record]));
        var golden = Golden.Read("Playlists/Golden/answers.1.json");
        var answer = Assert.Single(PlaylistDocuments.ReadBatch(new EventBatch("playlist/x", 9, 1, At, golden))).Answer;
        Assert.Equal(new PlaylistVersions(9, 8, 3), answer.Versions);
        Assert.Equal(
            results.Select(result => result.Outcome), answer.Results.Select(result => result.Outcome));
    }

    [Fact]
    public void A_snapshot_is_stored_in_its_golden_shape_and_read_back()
    {
        var playlist = new PlaylistHarness(tracks: 3, DuplicatePolicy.Warn);
        var owner = Interfaces.Actor.User(PlaylistHarness.Owner);
        playlist.Join(PlaylistHarness.User(2), PlaylistRole.Suggester);
        playlist.Execute(owner, new RemoveEntries([2]), new MoveEntries([3], PlaylistOperation.Start));
        playlist.Execute(PlaylistHarness.User(2), new AppendTracks([A]));
        var invite = new CreateInvite(PlaylistRole.Viewer, At.AddYears(1), 5, Approval: true);
        playlist.Commit(owner, PlaylistAdmission.CreateInvite(playlist.State, owner, invite, new byte[16], playlist.Tick()));
        var token = new InviteToken(A, 1, new byte[16]);
        var guest = PlaylistHarness.User(3);
        playlist.Commit(guest, PlaylistAdmission.AcceptInvite(playlist.State, guest, token, playlist.Tick()));

        var snapshot = PlaylistSnapshots.Write("playlist/x", playlist.State, [new OperationStamp(0xABCDEF, 7)]);
        for (var part = 0; part < snapshot.Parts.Count; part++)
        {
            Golden.Check($"Playlists/Golden/snapshot.1.part{part}.json", snapshot.Parts[part].ToArray());
        }

        var golden = snapshot.Parts.Select((_, part) => Golden.Read($"Playlists/Golden/snapshot.1.part{part}.json"));
        var (state, operations) = PlaylistSnapshots.Read(
            new EventSnapshot("playlist/x", 1, [.. golden.Select(part => new ReadOnlyMemory<byte>(part))]));
        PlaylistHarness.AssertSame(playlist.State, state);
        Assert.Equal([new OperationStamp(0xABCDEF, 7)], operations);
        Assert.Single(state.Suggestions);
        Assert.Single(state.JoinRequests);
        Assert.Single(state.Invites);
    }

    [Fact]
    public void Parts_of_a_large_snapshot_stay_within_their_bound()
    {
        var playlist = PlaylistDecisions.Create(
            PlaylistState.None,
            Interfaces.Actor.User(PlaylistHarness.Owner),
            new CreatePlaylist("Large", null, default, default, [.. Enumerable.Repeat(A, PlaylistLimits.EntriesMax)]),
            forkedFrom: null,
            At);
        var stamps = Enumerable.Range(1, 10_000).Select(i => new OperationStamp((ulong)i, i)).ToArray();
        var snapshot = PlaylistSnapshots.Write("playlist/x", playlist.After, stamps);
        Assert.All(snapshot.Parts, part => Assert.InRange(part.Length, 1, EventSnapshot.PartBytesMax));
        Assert.Equal(PlaylistLimits.EntriesMax, PlaylistSnapshots.Read(snapshot).State.Entries.Count);
    }
}

/// <summary>Compares with committed files; INDIIMUSIC_WRITE_GOLDEN=1 writes those that are missing.</summary>
internal static class Golden
{
    private static readonly string Root = typeof(Golden).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Root, path));

    public static void Check(string path, byte[] written)
    {
        var full = Path.Combine(Root, path);
        if (!File.Exists(full) && Environment.GetEnvironmentVariable("INDIIMUSIC_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, JsonNode.Parse(written)!.ToJsonString(Indented) + "\n");
        }

        Assert.True(File.Exists(full), $"The golden file {path} is missing.");
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(full)), JsonNode.Parse(written)),
            $"{path} differs from what is written now: {Encoding.UTF8.GetString(written)}");
    }
}
