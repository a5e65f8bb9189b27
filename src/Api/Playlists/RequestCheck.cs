using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Playlists;

/// <summary>Gathers all that is wrong with a request, so that its sender hears of it at once.</summary>
internal struct RequestCheck
{
    private ImmutableArray<FieldError>.Builder? _problems;

    public void Wrong(string field, string problem) =>
        (_problems ??= ImmutableArray.CreateBuilder<FieldError>()).Add(new FieldError(field, problem));

    /// <summary>Notes a field that is missing.</summary>
    public void Require(bool isThere, string field)
    {
        if (!isThere)
            Wrong(field, "is required.");
    }

    /// <summary>Notes a field that has no business here.</summary>
    public void Refuse(bool isThere, string field, string kind)
    {
        if (isThere)
            Wrong(field, $"is not taken by operations of kind {kind}.");
    }

    /// <exception cref="IndiiException"><c>invalid_request</c> with all that was noted, if anything was.</exception>
    public readonly void ThrowIfAny()
    {
        if (_problems is not null)
            throw IndiiException.Invalid(_problems.ToImmutable());
    }
}
