using System.Security.Cryptography;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Tests.Auth;

public sealed class SessionDecisionsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid SessionId = Guid.CreateVersion7();
    private readonly byte[] _family = RandomNumberGenerator.GetBytes(RefreshToken.FamilySecretBytes);
    private readonly RefreshToken _first;
    private readonly SessionState _started;

    public SessionDecisionsTests()
    {
        _first = NewToken();
        _started = SessionDecisions.Start(Guid.CreateVersion7(), _first, new SessionStart(), Start);
    }

    [Fact]
    public void The_present_token_is_good_once_and_prolongs_the_session()
    {
        var later = Start + TimeSpan.FromDays(29);

        var (outcome, state) = SessionDecisions.Refresh(_started, _first, NewToken(), later);

        Assert.Equal(RefreshOutcome.Refreshed, outcome);
        Assert.Equal(later + SessionDecisions.Lifetime, state.ExpiresAt);
    }

    [Fact]
    public void An_expired_session_refuses_its_token()
    {
        var (outcome, _) = SessionDecisions.Refresh(_started, _first, NewToken(), Start + SessionDecisions.Lifetime);

        Assert.Equal(RefreshOutcome.Refused, outcome);
    }

    [Fact]
    public void A_lost_answer_can_be_asked_for_once_more_within_the_grace()
    {
        var lost = NewToken();
        var state = Refreshed(_started, _first, lost, Start);

        state = Refreshed(state, _first, NewToken(), Start + SessionDecisions.ReplayGrace);

        Assert.Equal(RefreshOutcome.Reused, Outcome(state, _first, Start + SessionDecisions.ReplayGrace));
        Assert.Equal(RefreshOutcome.Reused, Outcome(state, lost, Start + SessionDecisions.ReplayGrace));
    }

    [Fact]
    public void After_the_grace_a_used_token_ends_the_session()
    {
        var state = Refreshed(_started, _first, NewToken(), Start);

        var (outcome, ended) = SessionDecisions.Refresh(
            state, _first, NewToken(), Start + SessionDecisions.ReplayGrace + TimeSpan.FromTicks(1));

        Assert.Equal(RefreshOutcome.Reused, outcome);
        Assert.False(SessionDecisions.IsActive(ended, Start));
    }

    [Fact]
    public void A_token_older_than_the_previous_one_ends_the_session_even_within_the_grace()
    {
        var second = NewToken();
        var state = Refreshed(_started, _first, second, Start);
        state = Refreshed(state, second, NewToken(), Start);

        Assert.Equal(RefreshOutcome.Reused, Outcome(state, _first, Start));
    }

    [Fact]
    public void A_made_up_token_is_refused_and_ends_nothing()
    {
        var madeUp = _first with { FamilySecret = new byte[RefreshToken.FamilySecretBytes] };

        var (outcome, state) = SessionDecisions.Refresh(_started, madeUp, NewToken(), Start);

        Assert.Equal(RefreshOutcome.Refused, outcome);
        Assert.Same(_started, state);
    }

    [Fact]
    public void No_secret_is_kept_in_clear()
    {
        var text = _started.ToString();

        Assert.DoesNotContain(Convert.ToBase64String(_first.Secret.Span), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(_first.FamilySecret.Span), text, StringComparison.Ordinal);
    }

    private static SessionState Refreshed(
        SessionState state, RefreshToken presented, RefreshToken next, DateTimeOffset now)
    {
        var (outcome, after) = SessionDecisions.Refresh(state, presented, next, now);
        Assert.Equal(RefreshOutcome.Refreshed, outcome);
        return after;
    }

    private RefreshOutcome Outcome(SessionState state, RefreshToken presented, DateTimeOffset now) =>
        SessionDecisions.Refresh(state, presented, NewToken(), now).Outcome;

    private RefreshToken NewToken() =>
        new(SessionId, _family, RandomNumberGenerator.GetBytes(RefreshToken.SecretBytes));
}
