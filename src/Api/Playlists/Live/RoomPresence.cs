using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// When clients hear who is in a room, and what. Each update goes to everybody and names up to
/// <see cref="LiveOptions.PresencePeopleMax"/> people, so that its cost grows with the square of a room's size: updates
/// come less often the larger the room is.
/// </summary>
internal sealed class RoomPresence(Guid playlistId, LiveOptions options)
{
    /// <summary>Members up to which updates come at the full rate.</summary>
    public const int FullRateMembersMax = 50;

    private SerializedHubMessage? _message;
    private TimeSpan _nextAt;
    private bool _isChanged;
    private bool _isMissed;

    /// <summary>Counts the updates.</summary>
    public long Revision { get; private set; }

    /// <summary>When the next update is due; null when there is none.</summary>
    public TimeSpan? DueAt => _isChanged || _isMissed ? _nextAt : null;

    /// <summary>Somebody came, went, or does something else.</summary>
    public void Changed() => _isChanged = true;

    /// <summary>Somebody has not been sent the newest update.</summary>
    public void Missed() => _isMissed = true;

    /// <summary>The newest update, if it is to be sent now to all who have not got it.</summary>
    public SerializedHubMessage? Update(TimeSpan now, IReadOnlyCollection<RoomMember> members)
    {
        if (DueAt is null || now < _nextAt)
            return null;
        if (_isChanged)
        {
            Revision++;
            _message = LiveWriter.Message(
                nameof(IPlaylistClient.PresenceChanged),
                new PresenceMessage(playlistId, members.Count, People(members)));
        }

        _isChanged = _isMissed = false;
        var slowdown = Math.Max(1, (double)members.Count / FullRateMembersMax);
        _nextAt = now + TimeSpan.FromSeconds(slowdown / options.PresenceUpdatesPerSecond);
        return _message;
    }

    private List<PresentPerson> People(IReadOnlyCollection<RoomMember> members) => members
        .OrderBy(member => member.Focus == PresenceFocus.Viewing)
        .Take(options.PresencePeopleMax)
        .Select(member => new PresentPerson(
            member.Id, member.Connection.UserId, member.Connection.DisplayName, member.Focus))
        .ToList();
}
