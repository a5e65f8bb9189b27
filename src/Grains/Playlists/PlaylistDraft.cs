using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// A decision in the making: each event is applied as it is added, so that the next rule sees its effect.
/// </summary>
internal sealed class PlaylistDraft(PlaylistState state, Actor actor, DateTimeOffset now)
{
    /// <summary>
    /// Tracks or entries in one event; longer lists take several, so that no event grows without bound.
    /// </summary>
    public const int ItemsPerEventMax = 5_000;

    private readonly ImmutableArray<PlaylistEvent>.Builder _events = ImmutableArray.CreateBuilder<PlaylistEvent>();

    public PlaylistState State { get; private set; } = state;

    public Actor Actor { get; } = actor;

    public DateTimeOffset Now { get; } = now;

    public Guid User => Actor.RequireUser();

    public EntryList Entries => State.Entries;

    public void Add(PlaylistEvent happened)
    {
        State = State.Apply(happened, new EventContext(Now, Actor.UserId));
        _events.Add(happened);
    }

    /// <summary>Adds tracks at a place, in events of bounded size, and gives the new entries' ids.</summary>
    public ImmutableArray<int> AddEntries(ReadOnlySpan<Guid> tracks, Placement placement, Guid addedBy)
    {
        var entryIds = ImmutableArray.CreateBuilder<int>(tracks.Length);
        while (!tracks.IsEmpty)
        {
            var chunk = tracks[..Math.Min(tracks.Length, ItemsPerEventMax)];
            var first = Entries.NextEntryId;
            Add(new EntriesAdded(
                first, ImmutableArray.Create(chunk), placement.After, placement.PlaceIfRemoved,
                addedBy == User ? null : addedBy));
            for (var i = 0; i < chunk.Length; i++)
            {
                entryIds.Add(first + i);
            }

            placement = new Placement(first + chunk.Length - 1, first + chunk.Length - 1, IsRebased: false);
            tracks = tracks[chunk.Length..];
        }

        return entryIds.MoveToImmutable();
    }

    /// <summary>
    /// The decision; a command that changed nothing is noted, so that its repetition gets the same answer.
    /// </summary>
    public Decision Finish(params ImmutableArray<OperationResult> results)
    {
        if (_events.Count == 0)
        {
            Add(new OperationNoted());
        }

        return new Decision(State, _events.ToImmutable(), results);
    }
}

/// <summary>What a command leads to.</summary>
/// <param name="After">The state after the events.</param>
/// <param name="Events">
/// What happens, at least one event; none for a question of membership that changes nothing.
/// </param>
/// <param name="Results">What becomes of each operation.</param>
internal sealed record Decision(
    PlaylistState After, ImmutableArray<PlaylistEvent> Events, ImmutableArray<OperationResult> Results);

/// <summary>Where something goes.</summary>
/// <param name="After">The present entry that it follows, <see cref="EntryList.Start"/> for none.</param>
/// <param name="Place">The place that it follows directly, present or removed.</param>
/// <param name="IsRebased">Whether the anchor asked for was removed.</param>
internal readonly record struct Placement(int After, int Place, bool IsRebased)
{
    /// <summary>The place, where that is not the present entry itself.</summary>
    public int? PlaceIfRemoved => Place == After ? null : Place;

    /// <summary>What an operation placed here reports.</summary>
    public OperationOutcome Outcome => IsRebased ? OperationOutcome.Rebased : OperationOutcome.Applied;

    /// <summary>The end of the list.</summary>
    public static Placement End(EntryList entries) => new(entries.LastPresent, entries.LastPlace, IsRebased: false);

    /// <summary>
    /// The place after an anchor. One that was removed meanwhile still has its place; one that was removed so long ago
    /// that its place is forgotten stands for the start.
    /// </summary>
    /// <exception cref="IndiiException"><c>unknown_entry</c> for an anchor that this playlist never held.</exception>
    public static Placement Behind(EntryList entries, int anchor)
    {
        if (anchor == EntryList.Start)
        {
            return new Placement(EntryList.Start, EntryList.Start, IsRebased: false);
        }

        if (!entries.EverHeld(anchor))
        {
            throw new IndiiException(ErrorCode.UnknownEntry, $"This playlist never held an entry {anchor}.");
        }

        return entries.Find(anchor) switch
        {
            null => new Placement(EntryList.Start, EntryList.Start, IsRebased: true),
            { IsRemoved: true } => new Placement(entries.PresentAtOrBefore(anchor), anchor, IsRebased: true),
            _ => new Placement(anchor, anchor, IsRebased: false),
        };
    }
}
