using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Idempotency;

namespace IndiiMusic.Grains.Idempotency;

/// <summary>The state document: answers, oldest first.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.idempotency.state")]
internal sealed record IdempotencyState
{
    /// <summary>The shape of this document; raised when it changes incompatibly.</summary>
    [Id(0)]
    public int Schema { get; init; } = 1;

    /// <summary>The answers, oldest first.</summary>
    [Id(1)]
    public ImmutableArray<RememberedRequest> Requests { get; init; } = [];

    /// <summary>The state without what is too old, and with a further request; the oldest make room for it.</summary>
    public IdempotencyState With(RememberedRequest request)
    {
        var kept = Requests.RemoveAll(old =>
            old.Key == request.Key || request.AnsweredAt - old.AnsweredAt >= IdempotencyLimits.KeptFor);
        var bytes = request.Answer.Body.Length;
        var first = kept.Length;
        while (first > 0
            && kept.Length - first < IdempotencyLimits.AnswersPerShareMax - 1
            && (bytes += kept[first - 1].Answer.Body.Length) <= IdempotencyLimits.BytesPerShareMax)
        {
            first--;
        }

        return this with { Requests = [.. kept.AsSpan(first, kept.Length - first), request] };
    }

    /// <summary>What is remembered of a key and is not too old.</summary>
    public RememberedRequest? Find(string key, DateTimeOffset now) => Requests.FirstOrDefault(request =>
        request.Key == key && now - request.AnsweredAt < IdempotencyLimits.KeptFor);
}

/// <summary>A request that was answered.</summary>
/// <param name="Key">A hash of route and idempotency key.</param>
/// <param name="Fingerprint">A hash of what it said.</param>
/// <param name="AnsweredAt">When.</param>
/// <param name="Answer">What was answered.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.idempotency.remembered-request")]
internal sealed record RememberedRequest(
    [property: Id(0)] string Key,
    [property: Id(1)] string Fingerprint,
    [property: Id(2)] DateTimeOffset AnsweredAt,
    [property: Id(3)] KeptAnswer Answer);
