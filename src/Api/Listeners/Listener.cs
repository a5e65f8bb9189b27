namespace IndiiMusic.Api.Listeners;

/// <summary>Through which door a connection came.</summary>
public enum Listener
{
    /// <summary>The address that everybody may reach.</summary>
    Public,

    /// <summary>The operator's port: health and metrics.</summary>
    Management,

    /// <summary>The socket file that only the owner of the data can open.</summary>
    Control,
}

/// <summary>Put on each connection of a listener that is not public.</summary>
internal sealed record ListenerFeature(Listener Listener);

/// <summary>Says which listeners a route answers on; without it a route answers on all.</summary>
internal sealed record ListenerMetadata(IReadOnlyList<Listener> Listeners);
