using System.Collections.Immutable;
using System.Text.Json;

namespace IndiiMusic.Grains.Interfaces.Errors;

/// <summary>
/// The one exception that carries a meaning to callers. It crosses grain calls; the gateway maps it once to problem
/// details and once to hub errors. Its cause stays in the process that threw it, whose log has it: most causes come
/// from packages whose exceptions cannot be sent.
/// </summary>
public sealed class IndiiException : Exception
{
    /// <param name="code">What kind of failure it is.</param>
    /// <param name="detail">One sentence for the person at the other end, without secrets.</param>
    /// <param name="cause">What it was caused by, if anything.</param>
    public IndiiException(ErrorCode code, string detail, Exception? cause = null)
        : base(detail, cause)
    {
        Code = code;
    }

    /// <summary>What kind of failure it is.</summary>
    public ErrorCode Code { get; init; }

    /// <summary>
    /// With <c>invalid_request</c>, the fields that cannot be taken, where that is known: they become the
    /// <c>errors</c> of the problem details. Empty otherwise, never default.
    /// </summary>
    public ImmutableArray<FieldError> Fields { get; init; } = [];

    /// <summary>With <c>rate_limited</c>, when to come again, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The code as it stands on the wire, such as <c>not_found</c>.</summary>
    public string WireCode => WireName(Code);

    /// <summary>A code's name on the wire: snake_case.</summary>
    public static string WireName(ErrorCode code) => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    /// <summary>A resource that does not exist, or that the caller may not know of.</summary>
    public static IndiiException NotFound(string what) => new(ErrorCode.NotFound, $"There is no such {what}.");

    /// <summary>A field that cannot be taken as it is.</summary>
    public static IndiiException Invalid(string detail) => new(ErrorCode.InvalidRequest, detail);

    /// <summary>Fields that cannot be taken as they are; at least one.</summary>
    public static IndiiException Invalid(ImmutableArray<FieldError> fields) =>
        new(ErrorCode.InvalidRequest, $"{fields[0].Field} {fields[0].Problem}") { Fields = fields };

    /// <summary>An action that the caller's role does not include.</summary>
    public static IndiiException Forbidden(string detail) => new(ErrorCode.Forbidden, detail);
}

/// <summary>An <see cref="IndiiException"/> on its way.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.errors.indii-exception")]
internal readonly record struct SentIndiiException(
    [property: Id(0)] ErrorCode Code,
    [property: Id(1)] string Detail,
    [property: Id(2)] ImmutableArray<FieldError> Fields,
    [property: Id(3)] TimeSpan? RetryAfter = null);

/// <summary>Sends an <see cref="IndiiException"/>.</summary>
[RegisterConverter]
internal sealed class IndiiExceptionConverter : IConverter<IndiiException, SentIndiiException>
{
    /// <inheritdoc/>
    public IndiiException ConvertFromSurrogate(in SentIndiiException surrogate) =>
        new(surrogate.Code, surrogate.Detail) { Fields = surrogate.Fields, RetryAfter = surrogate.RetryAfter };

    /// <inheritdoc/>
    public SentIndiiException ConvertToSurrogate(in IndiiException value) =>
        new(value.Code, value.Message, value.Fields, value.RetryAfter);
}

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Field">Its path as the sender wrote it, such as <c>ops[2].after</c>.</param>
/// <param name="Problem">What it is or may be, as a sentence without its subject: <c>is required.</c></param>
[GenerateSerializer]
[Immutable]
[Alias("indii.errors.field-error")]
public sealed record FieldError([property: Id(0)] string Field, [property: Id(1)] string Problem);
