using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Auth;

/// <summary>
/// Which sessions one user has. A session ends first and leaves the list then, so that dying in between leaves one in
/// the list that has ended, which the next look at it finds.
/// </summary>
[GrainType("user-sessions")]
internal sealed class UserSessionsGrain(
    [PersistentState("user-sessions")] IPersistentState<UserSessionsState> store) : Grain, IUserSessionsGrain
{
    private Guid UserId => this.GetPrimaryKey();

    private ImmutableArray<Guid> Listed => store.State.SessionIds;

    public async Task<ImmutableArray<Guid>> Add(Guid sessionId)
    {
        if (Listed.Contains(sessionId))
            return [];

        var present = Listed;
        var ended = ImmutableArray<Guid>.Empty;
        if (present.Length >= AuthLimits.SessionsMax)
        {
            present = [.. (await Look()).Select(session => session.Id)];
            var tooMany = Math.Max(0, present.Length + 1 - AuthLimits.SessionsMax);
            (ended, present) = (present[..tooMany], present[tooMany..]);
            await Task.WhenAll(ended.Select(Revoke));
        }

        await Keep(present.Add(sessionId));
        return ended;
    }

    public async Task<ImmutableArray<SessionView>> List(Actor actor)
    {
        RequireSelf(actor);
        var present = await Look();
        await Keep([.. present.Select(session => session.Id)]);
        return [.. present.Reverse()];
    }

    public async Task<ImmutableArray<Guid>> EndOthers(Actor actor, Guid stays)
    {
        RequireSelf(actor);
        var others = Listed.Remove(stays);
        await Task.WhenAll(others.Select(Revoke));
        await Keep(Listed.RemoveRange(others));
        return others;
    }

    private ISessionGrain Session(Guid sessionId) => GrainFactory.GetGrain<ISessionGrain>(sessionId);

    private Task Revoke(Guid sessionId) => Session(sessionId).Revoke(UserId);

    /// <summary>The sessions that go on, in the list's order; the documents of expired ones are cleared.</summary>
    private async Task<ImmutableArray<SessionView>> Look()
    {
        var listed = Listed;
        var found = await Task.WhenAll(listed.Select(id => Session(id).Find(UserId)));
        await Task.WhenAll(listed.Where((_, at) => found[at] is null).Select(Revoke));
        return [.. found.OfType<SessionView>()];
    }

    private Task Keep(ImmutableArray<Guid> next) => next.SequenceEqual(Listed)
        ? Task.CompletedTask
        : store.Write(store.State with { SessionIds = next });

    private void RequireSelf(Actor actor)
    {
        if (actor.RequireUser() != UserId)
            throw IndiiException.NotFound("user");
        actor.Require(Permissions.Profile);
    }
}
