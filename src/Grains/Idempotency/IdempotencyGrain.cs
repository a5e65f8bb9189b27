using IndiiMusic.Grains.Interfaces.Idempotency;

namespace IndiiMusic.Grains.Idempotency;

/// <summary>
/// Answers are durable; who works on what is held in memory alone. When a process dies in the middle of a request, a
/// repetition is worked on anew, so what a route makes should follow from the key (see the gateway's derived ids).
/// </summary>
[GrainType("idempotency")]
internal sealed class IdempotencyGrain(
    [PersistentState("idempotency")] IPersistentState<IdempotencyState> store,
    TimeProvider time) : Grain, IIdempotencyGrain
{
    private readonly Dictionary<string, InFlight> _inFlight = new(StringComparer.Ordinal);

    public Task<IdempotencyTurn> Begin(string key, string fingerprint)
    {
        var now = time.GetUtcNow();
        if (store.State.Find(key, now) is { } known)
        {
            return Task.FromResult(known.Fingerprint == fingerprint
                ? new IdempotencyTurn(IdempotencyOutcome.Answered, Answer: known.Answer)
                : new IdempotencyTurn(IdempotencyOutcome.Reused));
        }

        if (_inFlight.TryGetValue(key, out var other) && now - other.Since < IdempotencyLimits.InFlightMax)
        {
            return Task.FromResult(new IdempotencyTurn(
                other.Fingerprint == fingerprint ? IdempotencyOutcome.InProgress : IdempotencyOutcome.Reused));
        }

        var ticket = Guid.CreateVersion7(now);
        _inFlight[key] = new InFlight(ticket, fingerprint, now);
        return Task.FromResult(new IdempotencyTurn(IdempotencyOutcome.Begun, ticket));
    }

    public async Task Complete(string key, Guid ticket, KeptAnswer answer)
    {
        if (!_inFlight.TryGetValue(key, out var own) || own.Ticket != ticket)
            return;

        await store.Write(store.State.With(
            new RememberedRequest(key, own.Fingerprint, time.GetUtcNow(), answer)));
        _inFlight.Remove(key);
    }

    public Task Abandon(string key, Guid ticket)
    {
        if (_inFlight.TryGetValue(key, out var own) && own.Ticket == ticket)
            _inFlight.Remove(key);

        return Task.CompletedTask;
    }

    private sealed record InFlight(Guid Ticket, string Fingerprint, DateTimeOffset Since);
}
