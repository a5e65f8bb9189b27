using System.Collections.Immutable;
using System.Security.Cryptography;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// The rules for who belongs to a playlist: collaborators, invites, join requests, and the suggestions of those who may
/// not add by themselves. A rule that finds nothing to change gives no events.
/// </summary>
internal static class PlaylistAdmission
{
    private static readonly Decision Unchanged = new(PlaylistState.None, [], []);

    /// <summary>Gives a user a role.</summary>
    public static Decision SetCollaborator(
        PlaylistState state, Actor actor, Guid user, PlaylistRole role, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.ManageCollaborators);
        RequireDefined(role);
        if (state.Collaborators.GetValueOrDefault(user)?.Role == role)
        {
            return Unchanged;
        }

        RequireOwnerLeft(state, user, role);
        RequirePlace(state, user);
        return One(state, actor, now, new CollaboratorSet(user, role));
    }

    /// <summary>Takes a user's role away, and the user's entries too when asked; everybody may leave.</summary>
    public static Decision RemoveCollaborator(
        PlaylistState state, Actor actor, Guid user, bool removeEntries, DateTimeOffset now)
    {
        var isLeaving = actor.RequireUser() == user && !removeEntries;
        PlaylistAccess.Require(
            state, actor, isLeaving ? PlaylistCapabilities.Read : PlaylistCapabilities.ManageCollaborators);
        var draft = new PlaylistDraft(state, actor, now);
        if (state.Collaborators.ContainsKey(user))
        {
            RequireOwnerLeft(state, user, role: null);
            draft.Add(new CollaboratorRemoved(user));
        }

        if (removeEntries)
        {
            var added = state.Entries.After(EntryList.Start)
                .Where(entry => entry.AddedBy == user)
                .Select(static entry => entry.EntryId);
            foreach (var chunk in added.Chunk(PlaylistDraft.ItemsPerEventMax))
            {
                draft.Add(new EntriesRemoved([.. chunk]));
            }
        }

        return ReferenceEquals(draft.State, state) ? Unchanged : draft.Finish();
    }

    /// <summary>Makes an invite whose token the caller has chosen at random.</summary>
    public static Decision CreateInvite(
        PlaylistState state, Actor actor, CreateInvite invite, ReadOnlySpan<byte> secret, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.ManageCollaborators);
        RequireDefined(invite.Role);
        if (invite.Role == PlaylistRole.Owner)
        {
            throw IndiiException.Invalid("An invite gives the role viewer, suggester, contributor or editor.");
        }

        if (invite.ExpiresAt <= now)
        {
            throw IndiiException.Invalid("expiresAt lies in the past.");
        }

        if (invite.UsesMax is < 1)
        {
            throw IndiiException.Invalid("maxUses is at least 1.");
        }

        if (state.Invites.Values.Count(open => open.IsUsable(now)) >= PlaylistLimits.InvitesMax)
        {
            throw PlaylistDecisions.Limit(PlaylistLimits.InvitesMax, "open invites");
        }

        var draft = new PlaylistDraft(state, actor, now);
        foreach (var spent in state.Invites.Values.Where(spent => !spent.IsUsable(now)))
        {
            draft.Add(new InviteRevoked(spent.Id));
        }

        draft.Add(new InviteCreated(
            state.NextInviteId, Hash(secret), invite.Role, invite.ExpiresAt, invite.UsesMax, invite.Approval));
        return draft.Finish();
    }

    /// <summary>Withdraws an invite.</summary>
    public static Decision RevokeInvite(PlaylistState state, Actor actor, int inviteId, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.ManageCollaborators);
        return state.Invites.ContainsKey(inviteId) ? One(state, actor, now, new InviteRevoked(inviteId)) : Unchanged;
    }

    /// <summary>
    /// Lets the caller in, or on the list of those who wait. Whoever knows the token may ask, whatever the visibility.
    /// </summary>
    public static Decision AcceptInvite(PlaylistState state, Actor actor, InviteToken token, DateTimeOffset now)
    {
        var user = actor.RequireUser();
        if (!state.Exists
            || !state.Invites.TryGetValue(token.InviteId, out var invite)
            || !CryptographicOperations.FixedTimeEquals(
                Convert.FromBase64String(invite.SecretHash), SHA256.HashData(token.Secret.Span)))
        {
            throw new IndiiException(ErrorCode.InviteUnusable, "This invite is not known here.");
        }

        if (state.Collaborators.GetValueOrDefault(user)?.Role >= invite.Role
            || state.JoinRequests.GetValueOrDefault(user)?.Role >= invite.Role)
        {
            return Unchanged;
        }

        if (!invite.IsUsable(now))
        {
            throw new IndiiException(ErrorCode.InviteUnusable, "This invite has expired or was used up.");
        }

        RequirePlace(state, user);
        if (!invite.Approval)
        {
            return One(state, actor, now, new InviteUsed(invite.Id, user, invite.Role));
        }

        if (state.JoinRequests.Count >= PlaylistLimits.JoinRequestsMax)
        {
            throw PlaylistDecisions.Limit(PlaylistLimits.JoinRequestsMax, "users who wait to be let in");
        }

        return One(state, actor, now, new JoinRequested(invite.Id, user, invite.Role));
    }

    /// <summary>Lets a waiting user in, or not.</summary>
    public static Decision ResolveJoinRequest(
        PlaylistState state, Actor actor, Guid user, bool approve, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.ManageCollaborators);
        if (!state.JoinRequests.TryGetValue(user, out var request))
        {
            throw IndiiException.NotFound("join request");
        }

        if (approve)
        {
            RequirePlace(state, user);
        }

        return One(state, actor, now, new JoinRequestResolved(user, request.Role, approve));
    }

    /// <summary>Adds what was suggested in the suggester's name, or declines it.</summary>
    public static Decision ResolveSuggestion(
        PlaylistState state, Actor actor, int suggestionId, bool approve, DateTimeOffset now)
    {
        var granted = PlaylistAccess.Require(state, actor, PlaylistCapabilities.Read);
        var suggestion = state.Suggestions.GetValueOrDefault(suggestionId);
        var isOwn = suggestion?.SuggestedBy == actor.RequireUser() && granted.HasFlag(PlaylistCapabilities.Suggest);
        if (approve || !isOwn)
        {
            PlaylistAccess.Require(state, actor, PlaylistCapabilities.ResolveSuggestions);
        }

        if (suggestion is null)
        {
            throw IndiiException.NotFound("suggestion");
        }

        var draft = new PlaylistDraft(state, actor, now);
        draft.Add(new SuggestionResolved(suggestionId, approve));
        if (!approve)
        {
            return draft.Finish(new OperationResult(OperationOutcome.Applied, [], [], suggestionId, []));
        }

        var placement = suggestion.After is { } anchor
            ? Placement.Behind(draft.Entries, anchor)
            : Placement.End(draft.Entries);
        PlaylistDecisions.RequireRoom(draft, suggestion.Tracks.Length);
        var duplicates = PlaylistDecisions.RequireNoDuplicates(draft, suggestion.Tracks);
        var added = draft.AddEntries(suggestion.Tracks.AsSpan(), placement, suggestion.SuggestedBy);
        return draft.Finish(new OperationResult(placement.Outcome, added, [], suggestionId, duplicates));
    }

    private static Decision One(PlaylistState state, Actor actor, DateTimeOffset now, PlaylistEvent happened)
    {
        var draft = new PlaylistDraft(state, actor, now);
        draft.Add(happened);
        return draft.Finish();
    }

    private static string Hash(ReadOnlySpan<byte> secret) => Convert.ToBase64String(SHA256.HashData(secret));

    private static void RequireDefined(PlaylistRole role)
    {
        if (!Enum.IsDefined(role))
        {
            throw IndiiException.Invalid("The role is viewer, suggester, contributor, editor or owner.");
        }
    }

    private static void RequireOwnerLeft(PlaylistState state, Guid user, PlaylistRole? role)
    {
        var isOwner = state.Collaborators.GetValueOrDefault(user)?.Role == PlaylistRole.Owner;
        if (isOwner && role != PlaylistRole.Owner
            && !state.Collaborators.Values.Any(other => other.Role == PlaylistRole.Owner && other.User != user))
        {
            throw new IndiiException(
                ErrorCode.LastOwner, "A playlist keeps at least one owner: make somebody else one first.");
        }
    }

    private static void RequirePlace(PlaylistState state, Guid user)
    {
        if (!state.Collaborators.ContainsKey(user) && state.Collaborators.Count >= PlaylistLimits.CollaboratorsMax)
        {
            throw PlaylistDecisions.Limit(PlaylistLimits.CollaboratorsMax, "collaborators");
        }
    }
}
