using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Idempotency;

/// <summary>
/// Remembers what requests with an idempotency key were answered, for a share of one caller's keys. Its own key says
/// whose they are.
/// </summary>
[Alias("indii.idempotency.grain")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>Asks for leave to work on a request.</summary>
    /// <param name="key">What identifies the request: a hash of route and idempotency key.</param>
    /// <param name="fingerprint">A hash of what the request says, which a repetition must match.</param>
    [Alias("Begin")]
    Task<IdempotencyTurn> Begin(string key, string fingerprint);

    /// <summary>Keeps the answer durably. Nothing happens when the ticket is no longer good.</summary>
    [Alias("Complete")]
    Task Complete(string key, Guid ticket, KeptAnswer answer);

    /// <summary>Gives the leave back without an answer, so that the request can be sent again.</summary>
    [Alias("Abandon")]
    Task Abandon(string key, Guid ticket);
}

/// <summary>What to do with a request.</summary>
public enum IdempotencyOutcome
{
    /// <summary>Work on it, then complete or abandon it with the ticket.</summary>
    Begun = 1,

    /// <summary>The same request is being worked on.</summary>
    InProgress = 2,

    /// <summary>The key belongs to a request that said something else.</summary>
    Reused = 3,

    /// <summary>It was answered before.</summary>
    Answered = 4,
}

/// <summary>The answer to <see cref="IIdempotencyGrain.Begin"/>.</summary>
/// <param name="Outcome">What to do.</param>
/// <param name="Ticket">With <see cref="IdempotencyOutcome.Begun"/>: shows whose turn it is; else empty.</param>
/// <param name="Answer">With <see cref="IdempotencyOutcome.Answered"/>: the first answer; else null.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.idempotency.turn")]
public sealed record IdempotencyTurn(
    [property: Id(0)] IdempotencyOutcome Outcome,
    [property: Id(1)] Guid Ticket = default,
    [property: Id(2)] KeptAnswer? Answer = null);

/// <summary>An HTTP answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">The header fields that belong to the body or tell of the resource.</param>
/// <param name="Body">The body, at most <see cref="IdempotencyLimits.BodyBytesMax"/> bytes.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.idempotency.kept-answer")]
public sealed record KeptAnswer(
    [property: Id(0)] int Status,
    [property: Id(1)] ImmutableDictionary<string, string> Headers,
    [property: Id(2)] ReadOnlyMemory<byte> Body);

/// <summary>Bounds of what is remembered.</summary>
public static class IdempotencyLimits
{
    /// <summary>Characters of an idempotency key.</summary>
    public const int KeyCharactersMax = 200;

    /// <summary>Bytes of a body that is kept; a request with a longer answer is worked on again.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>Grains among which one caller's keys are shared out, so that each stays small.</summary>
    public const int SharesPerCaller = 16;

    /// <summary>Answers that one grain keeps; the oldest makes room.</summary>
    public const int AnswersPerShareMax = 256;

    /// <summary>Bytes of bodies that one grain keeps; the oldest make room.</summary>
    public const int BytesPerShareMax = 512 * 1024;

    /// <summary>How long an answer is kept, unless it has to make room.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>After this time, a request that was never completed is taken for dead.</summary>
    public static readonly TimeSpan InFlightMax = TimeSpan.FromMinutes(10);
}
