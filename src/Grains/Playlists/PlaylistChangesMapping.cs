using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>What clients and followers are told of an event: events themselves never leave the grain.</summary>
internal static class PlaylistChangesMapping
{
    /// <summary>The changes of a batch, with the versions after it.</summary>
    public static PlaylistChanges ChangesOf(Guid playlistId, ImmutableArray<CommittedCommand> commands)
    {
        var changes = ImmutableArray.CreateBuilder<PlaylistChange>(commands.Length);
        foreach (var command in commands)
        {
            AddChanges(changes, command, int.MaxValue);
        }

        return new PlaylistChanges(playlistId, commands[^1].Versions, changes.DrainToImmutable());
    }

    /// <summary>A command as the timeline shows it.</summary>
    public static HistoryItem HistoryOf(CommittedCommand command)
    {
        var changes = ImmutableArray.CreateBuilder<PlaylistChange>();
        AddChanges(changes, command, HistoryItem.ChangesShownMax);
        var record = command.Record;
        return new HistoryItem(
            command.FirstVersion, command.LastVersion, record.At, record.By, record.Operation,
            changes.DrainToImmutable());
    }

    private static void AddChanges(
        ImmutableArray<PlaylistChange>.Builder changes, CommittedCommand command, int eventsMax)
    {
        var version = command.FirstVersion;
        foreach (var happened in command.Record.Events.AsSpan()[..Math.Min(command.Record.Events.Length, eventsMax)])
        {
            changes.Add(ChangeOf(happened, version++, command.Record));
        }
    }

    private static PlaylistChange ChangeOf(PlaylistEvent happened, long version, PlaylistCommandRecord record)
    {
        var (at, by, operation) = (record.At, record.By, record.Operation);
        return happened switch
        {
            PlaylistCreated created => new CreatedChange(
                version, at, by, operation,
                new SetDetails(created.Name, created.Description, created.Visibility, created.Duplicates),
                created.ForkedFrom),
            DetailsChanged changed => new DetailsChangedChange(
                version, at, by, operation,
                new SetDetails(changed.Name, changed.Description, changed.Visibility, changed.Duplicates)),
            PlaylistDeleted => new DeletedChange(version, at, by, operation),
            EntriesAdded added => new EntriesAddedChange(
                version, at, by, operation, added.After, EntriesOf(added, record)),
            EntriesMoved moved => new EntriesMovedChange(version, at, by, operation, moved.After, moved.Entries),
            EntriesRemoved removed => new EntriesRemovedChange(version, at, by, operation, removed.Entries),
            EntriesRestored restored => new EntriesRestoredChange(
                version, at, by, operation, [.. restored.Entries.Select(PlacedOf)]),
            CollaboratorSet set => new CollaboratorChangedChange(version, at, by, operation, set.User, set.Role),
            CollaboratorRemoved removed => new CollaboratorChangedChange(
                version, at, by, operation, removed.User, Role: null),
            InviteUsed used => new CollaboratorChangedChange(version, at, by, operation, used.User, used.Role),
            JoinRequestResolved { Approved: true } resolved => new CollaboratorChangedChange(
                version, at, by, operation, resolved.User, resolved.Role),
            InviteCreated or InviteRevoked or JoinRequested or JoinRequestResolved => new AdmissionChangedChange(
                version, at, by, operation),
            SuggestionMade made => new SuggestionsChangedChange(version, at, by, operation, made.Id),
            SuggestionResolved resolved => new SuggestionsChangedChange(version, at, by, operation, resolved.Id),
            OperationNoted => new NothingChangedChange(version, at, by, operation),
            _ => throw new InvalidOperationException($"Nothing says what clients learn of {happened.GetType().Name}."),
        };
    }

    private static ImmutableArray<EntryView> EntriesOf(EntriesAdded added, PlaylistCommandRecord record)
    {
        var entries = ImmutableArray.CreateBuilder<EntryView>(added.Tracks.Length);
        foreach (var track in added.Tracks)
        {
            entries.Add(new EntryView(
                added.First + entries.Count, track, added.AddedBy ?? record.Context.User, record.At));
        }

        return entries.MoveToImmutable();
    }

    private static PlacedEntry PlacedOf(RestoredEntry entry) =>
        new(new EntryView(entry.Id, entry.Track, entry.AddedBy, entry.AddedAt), entry.After);
}
