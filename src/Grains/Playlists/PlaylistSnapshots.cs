using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>The first part of a snapshot: all but the places.</summary>
internal sealed record PlaylistHeadDocument(
    long Version,
    long ContentVersion,
    long DetailsVersion,
    PlaylistDetails Details,
    bool IsDeleted,
    DateTimeOffset ChangedAt,
    int NextEntryId,
    int NextInviteId,
    int NextSuggestionId,
    ImmutableArray<Collaborator> Collaborators,
    ImmutableArray<Invite> Invites,
    ImmutableArray<JoinRequest> JoinRequests,
    ImmutableArray<Suggestion> Suggestions)
{
    public const string CurrentType = "playlist-snapshot/1";

    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = CurrentType;
}

/// <summary>A part of a snapshot: consecutive places of the list, column by column.</summary>
/// <param name="Ids">Entry ids.</param>
/// <param name="Tracks">Their tracks.</param>
/// <param name="Users">Every user who added one of them, once.</param>
/// <param name="AddedBy">For each, an index into <paramref name="Users"/>.</param>
/// <param name="AddedAt">Unix time, milliseconds.</param>
/// <param name="Placed">The version that put each where it is.</param>
/// <param name="Removed">The version that removed each; 0 for those present.</param>
internal sealed record PlaylistPlacesDocument(
    int[] Ids,
    Guid[] Tracks,
    Guid[] Users,
    int[] AddedBy,
    long[] AddedAt,
    long[] Placed,
    long[] Removed)
{
    public const string CurrentType = "playlist-places/1";

    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = CurrentType;
}

/// <summary>The last part of a snapshot: the operations whose repetition is recognised.</summary>
/// <param name="Hashes">64-bit hashes, little endian, oldest first.</param>
/// <param name="Versions">For each, the first version that it made, 64 bits, little endian.</param>
internal sealed record PlaylistOperationsDocument(byte[] Hashes, byte[] Versions)
{
    public const string CurrentType = "playlist-operations/1";

    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = CurrentType;
}

/// <summary>Turns a state into the parts of a snapshot and back.</summary>
internal static class PlaylistSnapshots
{
    private const int PlacesPerPart = 5_000;

    /// <summary>A snapshot of a state and of the operations up to it.</summary>
    public static EventSnapshot Write(string stream, PlaylistState state, OperationStamp[] operations)
    {
        var parts = new List<ReadOnlyMemory<byte>>
        {
            JsonSerializer.SerializeToUtf8Bytes(HeadOf(state), PlaylistJson.Default.PlaylistHeadDocument),
        };
        foreach (var places in state.Entries.Places().Chunk(PlacesPerPart))
        {
            parts.Add(JsonSerializer.SerializeToUtf8Bytes(
                PlacesOf(places), PlaylistJson.Default.PlaylistPlacesDocument));
        }

        var document = new PlaylistOperationsDocument(
            MemoryMarshal.AsBytes(operations.Select(static operation => operation.Hash).ToArray().AsSpan()).ToArray(),
            MemoryMarshal.AsBytes(operations.Select(static operation => operation.Version).ToArray().AsSpan())
                .ToArray());
        parts.Add(JsonSerializer.SerializeToUtf8Bytes(document, PlaylistJson.Default.PlaylistOperationsDocument));
        return new EventSnapshot(stream, state.Version, parts);
    }

    /// <summary>The state of a snapshot, and the operations up to it.</summary>
    public static (PlaylistState State, OperationStamp[] Operations) Read(EventSnapshot snapshot)
    {
        var head = JsonSerializer.Deserialize(snapshot.Parts[0].Span, PlaylistJson.Default.PlaylistHeadDocument);
        RequireType(snapshot, head?.Type, PlaylistHeadDocument.CurrentType);
        var places = new List<EntryNode>();
        for (var part = 1; part < snapshot.Parts.Count - 1; part++)
        {
            var columns = JsonSerializer.Deserialize(
                snapshot.Parts[part].Span, PlaylistJson.Default.PlaylistPlacesDocument);
            RequireType(snapshot, columns?.Type, PlaylistPlacesDocument.CurrentType);
            AddPlaces(places, columns!);
        }

        var operations = JsonSerializer.Deserialize(
            snapshot.Parts[^1].Span, PlaylistJson.Default.PlaylistOperationsDocument);
        RequireType(snapshot, operations?.Type, PlaylistOperationsDocument.CurrentType);
        return (StateOf(head!, EntryList.Of(places, head!.NextEntryId)), StampsOf(operations!));
    }

    private static PlaylistHeadDocument HeadOf(PlaylistState state) => new(
        state.Version, state.ContentVersion, state.DetailsVersion, state.Details, state.IsDeleted, state.ChangedAt,
        state.Entries.NextEntryId, state.NextInviteId, state.NextSuggestionId,
        [.. state.Collaborators.Values.OrderBy(static collaborator => collaborator.User)],
        [.. state.Invites.Values.OrderBy(static invite => invite.Id)],
        [.. state.JoinRequests.Values.OrderBy(static request => request.User)],
        [.. state.Suggestions.Values]);

    private static PlaylistState StateOf(PlaylistHeadDocument head, EntryList entries) => new PlaylistState
    {
        Version = head.Version,
        ContentVersion = head.ContentVersion,
        DetailsVersion = head.DetailsVersion,
        Details = head.Details,
        IsDeleted = head.IsDeleted,
        ChangedAt = head.ChangedAt,
        Entries = entries,
        NextInviteId = head.NextInviteId,
        NextSuggestionId = head.NextSuggestionId,
        Collaborators = head.Collaborators.ToImmutableDictionary(static collaborator => collaborator.User),
        Invites = head.Invites.ToImmutableDictionary(static invite => invite.Id),
        JoinRequests = head.JoinRequests.ToImmutableDictionary(static request => request.User),
        Suggestions = head.Suggestions.ToImmutableSortedDictionary(
            static suggestion => suggestion.Id, static suggestion => suggestion),
    }.WithTrackCounts();

    private static PlaylistPlacesDocument PlacesOf(EntryNode[] places)
    {
        var users = places.Select(static place => place.Entry.AddedBy).Distinct().ToArray();
        var indexes = users.Select(static (user, index) => (user, index)).ToDictionary();
        return new PlaylistPlacesDocument(
            [.. places.Select(static place => place.Entry.EntryId)],
            [.. places.Select(static place => place.Entry.TrackId)],
            users,
            [.. places.Select(place => indexes[place.Entry.AddedBy])],
            [.. places.Select(static place => place.Entry.AddedAt.ToUnixTimeMilliseconds())],
            [.. places.Select(static place => place.PlacedVersion)],
            [.. places.Select(static place => place.RemovedVersion)]);
    }

    private static void AddPlaces(List<EntryNode> places, PlaylistPlacesDocument columns)
    {
        for (var i = 0; i < columns.Ids.Length; i++)
        {
            var entry = new EntryView(
                columns.Ids[i],
                columns.Tracks[i],
                columns.Users[columns.AddedBy[i]],
                DateTimeOffset.FromUnixTimeMilliseconds(columns.AddedAt[i]));
            places.Add(new EntryNode(entry)
            {
                PlacedVersion = columns.Placed[i],
                RemovedVersion = columns.Removed[i],
            });
        }
    }

    private static OperationStamp[] StampsOf(PlaylistOperationsDocument document)
    {
        var hashes = MemoryMarshal.Cast<byte, ulong>(document.Hashes);
        var versions = MemoryMarshal.Cast<byte, long>(document.Versions);
        var stamps = new OperationStamp[hashes.Length];
        for (var i = 0; i < stamps.Length; i++)
        {
            stamps[i] = new OperationStamp(hashes[i], versions[i]);
        }

        return stamps;
    }

    private static void RequireType(EventSnapshot snapshot, string? type, string expected)
    {
        if (type != expected)
        {
            throw new JsonException(
                $"The snapshot of {snapshot.Stream} at {snapshot.Version} has a '{type}' where '{expected}' belongs.");
        }
    }
}
