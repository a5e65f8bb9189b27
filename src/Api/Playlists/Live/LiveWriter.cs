using System.Text.Json;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>A message that brings one client to a version.</summary>
/// <param name="Method">What it calls on the client.</param>
/// <param name="Message">The message.</param>
/// <param name="Version">The version that the client has afterwards.</param>
internal sealed record Refill(string Method, SerializedHubMessage Message, long Version);

/// <summary>Writes what goes to clients, with the cards of the tracks in it.</summary>
internal sealed partial class LiveWriter(
    TrackCards cards,
    IOptions<JsonHubProtocolOptions> json,
    TimeProvider time,
    ILogger<LiveWriter> logger)
{
    /// <summary>How long changes wait for the cards of their tracks before they go out without.</summary>
    public static readonly TimeSpan CardsTimeout = TimeSpan.FromSeconds(1);

    // What many people get at once may show what every member may hear, and nothing that is one owner's own.
    private static readonly Actor AnyMember = Actor.User(Guid.Empty);
    private static readonly Dictionary<Guid, TrackCard> NoCards = [];

    private readonly JsonSerializerOptions _json = json.Value.PayloadSerializerOptions;

    /// <summary>The changes after a version that this room has, each written once for everybody.</summary>
    public async ValueTask<IReadOnlyList<WrittenChange>> WriteAsync(PlaylistChanges changes, PlaylistVersions known)
    {
        var cardsById = await FindCardsAsync(changes.Changes.TrackIds());
        var written = new List<WrittenChange>(changes.Changes.Length);
        var versions = known;
        for (var i = 0; i < changes.Changes.Length; i++)
        {
            var change = changes.Changes[i];
            if (change.Version <= known.Version)
                continue;
            versions = i == changes.Changes.Length - 1 ? changes.Versions : After(versions, change);
            var response = change.ToResponse(cardsById, AnyMember);
            written.Add(new WrittenChange(versions, JsonSerializer.SerializeToUtf8Bytes(response, _json)));
        }

        return written;
    }

    /// <summary>What one client gets that has to be brought up to date by itself, as that client may see it.</summary>
    public async ValueTask<Refill> WriteAsync(Guid playlistId, CatchUp catchUp, Actor viewer)
    {
        if (catchUp.Missing is { } missing)
        {
            var cardsById = await FindCardsAsync(missing.Changes.TrackIds());
            var changes = new List<ReadOnlyMemory<byte>>(missing.Changes.Length);
            foreach (var change in missing.Changes)
                changes.Add(JsonSerializer.SerializeToUtf8Bytes(change.ToResponse(cardsById, viewer), _json));
            var message = Changed(playlistId, new RingSlice(missing.Versions, changes));
            return new Refill(nameof(IPlaylistClient.Changed), message, missing.Versions.Version);
        }

        var snapshot = catchUp.Snapshot!;
        var view = snapshot.ToResponse(await FindCardsAsync(snapshot.FirstPage.Entries.TrackIds()), viewer);
        return new Refill(
            nameof(IPlaylistClient.Snapshot),
            Message(nameof(IPlaylistClient.Snapshot), view),
            snapshot.FirstPage.Versions.Version);
    }

    /// <summary>Consecutive versions as a message that any number of clients share.</summary>
    public static SerializedHubMessage Changed(Guid playlistId, RingSlice slice) => Message(
        nameof(IPlaylistClient.Changed),
        new ChangedMessage(
            playlistId,
            slice.Versions.Version,
            slice.Versions.ContentVersion,
            slice.Versions.DetailsVersion,
            slice.Changes));

    /// <summary>Any call on a client as a message that any number of clients share.</summary>
    public static SerializedHubMessage Message(string method, object argument) =>
        new(new InvocationMessage(method, [argument]));

    private async ValueTask<IReadOnlyDictionary<Guid, TrackCard>> FindCardsAsync(HashSet<Guid> trackIds)
    {
        if (trackIds.Count == 0)
            return NoCards;
        try
        {
            var found = cards.GetAsync(trackIds);
            return found.IsCompletedSuccessfully ? found.Result : await found.AsTask().WaitAsync(CardsTimeout, time);
        }
        catch (Exception exception)
        {
            // An edit is worth more than a title: it goes out, and its tracks show as unavailable.
            LogCardsMissing(exception, trackIds.Count);
            return NoCards;
        }
    }

    private static PlaylistVersions After(PlaylistVersions before, PlaylistChange change) => change switch
    {
        EntriesAddedChange or EntriesMovedChange or EntriesRemovedChange or EntriesRestoredChange =>
            before with { Version = change.Version, ContentVersion = change.Version },
        DetailsChangedChange => before with { Version = change.Version, DetailsVersion = change.Version },
        CreatedChange => new PlaylistVersions(change.Version, change.Version, change.Version),
        _ => before with { Version = change.Version },
    };
}
