using System.Collections.Immutable;
using System.Diagnostics;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Playlists;

/// <summary>Makes bodies of changes, for REST and the hub alike.</summary>
public static class ChangeMapping
{
    /// <summary>Changes with what the viewer may see of the tracks in them.</summary>
    public static ChangesResponse ToResponse(
        this PlaylistChanges changes, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer)
    {
        var versions = changes.Versions;
        return new ChangesResponse(
            versions.Version,
            versions.ContentVersion,
            versions.DetailsVersion,
            changes.Changes.ToResponse(cards, viewer));
    }

    /// <summary>Changes with what the viewer may see of the tracks in them.</summary>
    public static ChangeResponse[] ToResponse(
        this ImmutableArray<PlaylistChange> changes, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer)
    {
        var items = new ChangeResponse[changes.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = changes[i].ToResponse(cards, viewer);
        return items;
    }

    /// <summary>One change with what the viewer may see of the tracks in it.</summary>
    public static ChangeResponse ToResponse(
        this PlaylistChange change, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer) => change switch
        {
            EntriesAddedChange added => new EntriesAddedResponse(
                added.Version,
                added.At,
                added.By,
                added.OperationId,
                new EntryAnchor(added.After),
                added.Entries.ToResponse(cards, viewer)),
            EntriesMovedChange moved => new EntriesMovedResponse(
                moved.Version, moved.At, moved.By, moved.OperationId, new EntryAnchor(moved.After), moved.EntryIds),
            EntriesRemovedChange removed => new EntriesRemovedResponse(
                removed.Version, removed.At, removed.By, removed.OperationId, removed.EntryIds),
            EntriesRestoredChange restored => new EntriesRestoredResponse(
                restored.Version,
                restored.At,
                restored.By,
                restored.OperationId,
                restored.Entries.ToResponse(cards, viewer)),
            DetailsChangedChange details => new DetailsChangedResponse(
                details.Version, details.At, details.By, details.OperationId, details.Details.ToResponse()),
            CreatedChange created => new CreatedResponse(
                created.Version,
                created.At,
                created.By,
                created.OperationId,
                created.Details.ToResponse(),
                created.ForkedFrom.ToResponse()),
            CollaboratorChangedChange collaborator => new CollaboratorChangedResponse(
                collaborator.Version,
                collaborator.At,
                collaborator.By,
                collaborator.OperationId,
                collaborator.UserId,
                collaborator.Role),
            SuggestionsChangedChange suggestions => new SuggestionsChangedResponse(
                suggestions.Version,
                suggestions.At,
                suggestions.By,
                suggestions.OperationId,
                suggestions.SuggestionId),
            AdmissionChangedChange admission => new AdmissionChangedResponse(
                admission.Version, admission.At, admission.By, admission.OperationId),
            NothingChangedChange nothing => new NothingChangedResponse(
                nothing.Version, nothing.At, nothing.By, nothing.OperationId),
            DeletedChange deleted => new DeletedResponse(
                deleted.Version, deleted.At, deleted.By, deleted.OperationId),
            _ => throw new UnreachableException($"A change of type {change.GetType().Name} has no shape."),
        };

    /// <summary>The tracks that changes show, for asking their cards.</summary>
    public static HashSet<Guid> TrackIds(this ImmutableArray<PlaylistChange> changes)
    {
        var trackIds = new HashSet<Guid>();
        foreach (var change in changes)
        {
            if (change is EntriesAddedChange added)
            {
                foreach (var entry in added.Entries)
                    trackIds.Add(entry.TrackId);
            }
            else if (change is EntriesRestoredChange restored)
            {
                foreach (var placed in restored.Entries)
                    trackIds.Add(placed.Entry.TrackId);
            }
        }

        return trackIds;
    }

    /// <summary>The tracks of entries, for asking their cards.</summary>
    public static HashSet<Guid> TrackIds(this ImmutableArray<EntryView> entries)
    {
        var trackIds = new HashSet<Guid>(entries.Length);
        foreach (var entry in entries)
            trackIds.Add(entry.TrackId);
        return trackIds;
    }
}
