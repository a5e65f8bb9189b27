using Microsoft.AspNetCore.Routing.Matching;

namespace IndiiMusic.Api.Listeners;

/// <summary>
/// Hides routes from listeners that they are not meant for, as if they did not exist. It works while a route is chosen,
/// so that routes without such a rule pay nothing.
/// </summary>
internal sealed class ListenerMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<ListenerMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var listener = httpContext.Features.Get<ListenerFeature>()?.Listener ?? Listener.Public;
        for (var i = 0; i < candidates.Count; i++)
        {
            var rule = candidates[i].Endpoint?.Metadata.GetMetadata<ListenerMetadata>();
            if (rule is not null && !rule.Listeners.Contains(listener))
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }
}
