namespace IndiiMusic.Api.Auth;

/// <summary>Who hears that a session has ended: <c>Sessions:Provider</c>.</summary>
public enum SessionsProvider
{
    /// <summary>The gateway that ended it.</summary>
    Memory = 0,

    /// <summary>All gateways, through Redis.</summary>
    Redis = 1,
}
