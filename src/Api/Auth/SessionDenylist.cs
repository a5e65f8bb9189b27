using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// Sessions that ended while access tokens of theirs may still be about: asked on every request, so that log-out
/// takes effect at once. An entry goes when the last such token has expired. After a restart no token is kept as
/// verified, and the session itself is asked again.
/// </summary>
internal sealed class SessionDenylist(TimeProvider time, IOptions<AccessTokenOptions> options)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _sessions = new();
    private readonly ConcurrentQueue<(Guid SessionId, DateTimeOffset Until)> _byAge = new();
    private Action<Guid>? _whenEnded;

    /// <summary>How long an ended session is remembered.</summary>
    public TimeSpan KeptFor { get; } = TimeSpan.FromSeconds(options.Value.LifetimeSeconds) + Margin;

    /// <summary>Whether the session has ended.</summary>
    public bool Contains(Guid sessionId) => !_sessions.IsEmpty && _sessions.ContainsKey(sessionId);

    /// <summary>Calls back for each session that ends, once; it must not wait.</summary>
    public void WhenEnded(Action<Guid> callback) => _whenEnded += callback;

    /// <summary>Refuses the session's access tokens from now on.</summary>
    public void Add(Guid sessionId)
    {
        var now = time.GetUtcNow();
        while (_byAge.TryPeek(out var oldest) && oldest.Until <= now && _byAge.TryDequeue(out oldest))
            _sessions.TryRemove(new KeyValuePair<Guid, DateTimeOffset>(oldest.SessionId, oldest.Until));

        if (!_sessions.TryAdd(sessionId, now + KeptFor))
            return;
        _byAge.Enqueue((sessionId, now + KeptFor));
        _whenEnded?.Invoke(sessionId);
    }
}
