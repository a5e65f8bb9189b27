using System.Collections.Immutable;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// What of a playlist's history matters for security: who may do what with it. What is in it does not.
/// </summary>
internal static class PlaylistAudit
{
    private const string NoRole = "none";

    /// <summary>Notes what durable events did to permissions.</summary>
    /// <param name="audit">Where.</param>
    /// <param name="id">The playlist.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="before">The state that the events were decided on.</param>
    /// <param name="events">What happened.</param>
    public static void Write(
        AuditLog audit, Guid id, Actor actor, PlaylistState before, ImmutableArray<PlaylistEvent> events)
    {
        foreach (var happened in events)
        {
            if (Describe(happened, id, before) is var (action, details))
                audit.Write(action, AuditOutcome.Success, actor.UserId, details);
        }
    }

    private static (AuditAction Action, AuditDetails Details)? Describe(
        PlaylistEvent happened, Guid id, PlaylistState before) => happened switch
        {
            CollaboratorSet set => RoleChanged(id, before, set.User, set.Role),
            CollaboratorRemoved removed => RoleChanged(id, before, removed.User, null),
            InviteUsed used => RoleChanged(id, before, used.User, used.Role, used.Id),
            JoinRequestResolved { Approved: true } resolved => RoleChanged(id, before, resolved.User, resolved.Role),
            InviteCreated created => (AuditAction.PlaylistInviteCreated, new AuditDetails
            {
                PlaylistId = id,
                InviteId = created.Id,
                Role = Word(created.Role),
            }),
            InviteRevoked revoked => (AuditAction.PlaylistInviteRevoked, new AuditDetails
            {
                PlaylistId = id,
                InviteId = revoked.Id,
            }),
            DetailsChanged { Visibility: { } visibility } => (AuditAction.PlaylistVisibilityChanged, new AuditDetails
            {
                PlaylistId = id,
                Visibility = Word(visibility),
            }),
            PlaylistDeleted => (AuditAction.PlaylistDeleted, new AuditDetails { PlaylistId = id }),
            _ => null,
        };

    private static (AuditAction Action, AuditDetails Details) RoleChanged(
        Guid id, PlaylistState before, Guid user, PlaylistRole? role, int? inviteId = null)
    {
        var hadOwnership = before.Collaborators.TryGetValue(user, out var known) && known.Role == PlaylistRole.Owner;
        return (
            role == PlaylistRole.Owner || hadOwnership
                ? AuditAction.PlaylistOwnershipChanged
                : AuditAction.PlaylistRoleChanged,
            new AuditDetails
            {
                PlaylistId = id,
                TargetUserId = user,
                InviteId = inviteId,
                Role = role is { } given ? Word(given) : NoRole,
            });
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
