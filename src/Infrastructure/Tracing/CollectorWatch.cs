using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Tracing;

/// <summary>Says once that the collector takes no traces, and once that it does again. Nobody waits for it.</summary>
internal sealed partial class CollectorWatch(string address, ILogger<CollectorWatch> logger)
    : DelegatingHandler(new SocketsHttpHandler())
{
    private int _isAway;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Note(base.Send(request, cancellationToken));
        }
        catch (Exception failure)
        {
            NoteAway(failure.Message);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Note(await base.SendAsync(request, cancellationToken));
        }
        catch (Exception failure)
        {
            NoteAway(failure.Message);
            throw;
        }
    }

    private HttpResponseMessage Note(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            NoteAway($"It answered {(int)answer.StatusCode}.");
        else if (Interlocked.Exchange(ref _isAway, 0) == 1)
            LogBack(address);
        return answer;
    }

    private void NoteAway(string reason)
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0)
            LogAway(address, reason);
    }
}
