using System.Text.Json;
using System.Text.Json.Serialization;
using IndiiMusic.Api.Errors;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>How a failed call reads, behind what SignalR puts before it.</summary>
/// <param name="Code">The code, as in problem details.</param>
/// <param name="Detail">One sentence for the caller.</param>
/// <param name="TraceId">What finds the call in the log.</param>
/// <param name="Errors">For invalid requests: the fields at fault; left out where there are none.</param>
internal sealed record HubError(
    string Code,
    string Detail,
    string? TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors);

/// <summary>Turns every failure of a hub call into one whose message carries <see cref="HubError"/> as JSON.</summary>
internal sealed partial class HubErrors(
    IOptions<JsonHubProtocolOptions> json, ILogger<HubErrors> logger) : IHubFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        // Each call is a request of its own; the connection's would be the same for hours.
        RequestTrace.Begin();
        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception)
        {
            var failure = Failure.Of(exception);
            ErrorMetrics.AnsweredOverHub(failure.Code);
            if (failure.IsOurs)
                LogFailed(exception, invocationContext.HubMethodName, failure.Code);
            var error = new HubError(
                IndiiException.WireName(failure.Code),
                failure.Detail,
                RequestTrace.Id,
                failure.Fields.IsDefaultOrEmpty ? null : failure.Fields);
            throw new HubException(JsonSerializer.Serialize(error, json.Value.PayloadSerializerOptions), exception);
        }
    }
}
