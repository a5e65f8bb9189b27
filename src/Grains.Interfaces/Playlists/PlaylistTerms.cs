namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>What a user is to a playlist. Each role may do all that the ones before it may.</summary>
public enum PlaylistRole
{
    /// <summary>Reads it.</summary>
    Viewer = 1,

    /// <summary>Proposes tracks, which wait for an editor's approval.</summary>
    Suggester = 2,

    /// <summary>Adds tracks; moves and removes the entries it added.</summary>
    Contributor = 3,

    /// <summary>Changes all entries, the name and the description; reverts; approves suggestions.</summary>
    Editor = 4,

    /// <summary>Sets visibility and duplicate policy, manages collaborators and invites, deletes.</summary>
    Owner = 5,
}

/// <summary>Who may read a playlist without a role in it.</summary>
public enum PlaylistVisibility
{
    /// <summary>Nobody; to others it does not exist.</summary>
    Private = 0,

    /// <summary>Whoever knows its id.</summary>
    Unlisted = 1,

    /// <summary>Everybody.</summary>
    Public = 2,
}

/// <summary>What happens when a track is added that the playlist holds already.</summary>
public enum DuplicatePolicy
{
    /// <summary>It is added.</summary>
    Allow = 0,

    /// <summary>It is added, and the result names it.</summary>
    Warn = 1,

    /// <summary>The whole command fails with <c>duplicate_track</c>.</summary>
    Reject = 2,
}

/// <summary>What the caller may do with a playlist now, so that an app can show just that.</summary>
[Flags]
public enum PlaylistCapabilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read details, entries and history.</summary>
    Read = 1 << 0,

    /// <summary>Propose tracks.</summary>
    Suggest = 1 << 1,

    /// <summary>Add tracks.</summary>
    Add = 1 << 2,

    /// <summary>Move and remove the entries that the caller added.</summary>
    EditOwnEntries = 1 << 3,

    /// <summary>Move and remove every entry, replace the list.</summary>
    EditEntries = 1 << 4,

    /// <summary>Change name and description.</summary>
    EditDetails = 1 << 5,

    /// <summary>Approve and decline suggestions.</summary>
    ResolveSuggestions = 1 << 6,

    /// <summary>Undo others' operations and revert.</summary>
    Revert = 1 << 7,

    /// <summary>Change visibility and duplicate policy.</summary>
    EditSettings = 1 << 8,

    /// <summary>Set and remove collaborators, make invites, let people in.</summary>
    ManageCollaborators = 1 << 9,

    /// <summary>Delete the playlist.</summary>
    Delete = 1 << 10,

    /// <summary>See who else has a role.</summary>
    ReadCollaborators = 1 << 11,

    /// <summary>Make a public playlist private, and nothing else about its settings: a moderator's right.</summary>
    Hide = 1 << 12,
}

/// <summary>What became of one operation.</summary>
public enum OperationOutcome
{
    /// <summary>Done as asked.</summary>
    Applied = 0,

    /// <summary>Done, after the nearest surviving predecessor of an anchor that was removed meanwhile.</summary>
    Rebased = 1,

    /// <summary>Not done: what it would move was removed meanwhile.</summary>
    Skipped = 2,

    /// <summary>There was nothing to do.</summary>
    Noop = 3,

    /// <summary>Waits for approval, since the caller may only suggest.</summary>
    Suggested = 4,
}
