using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IndiiMusic.Api.Listeners;

/// <summary>
/// Where the gateway really listens, once it does: ports that were configured as 0 are known by then.
/// </summary>
public sealed class ListenerAddresses(IServer server)
{
    private ListenOptions? _management;

    /// <summary>The addresses that everybody may reach, without a slash at the end.</summary>
    public IReadOnlyList<string> Public => [.. All.Where(address => !IsManagement(address))];

    /// <summary>The operator's addresses, without a slash at the end.</summary>
    public IReadOnlyList<string> Management => [.. All.Where(IsManagement)];

    private IEnumerable<string> All =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses
            .Where(address => !address.Contains("://unix:", StringComparison.Ordinal)) ?? [];

    internal void IsManagedBy(ListenOptions management) => _management = management;

    private bool IsManagement(string address) =>
        _management?.IPEndPoint is { } endpoint && new Uri(address).Port == endpoint.Port;
}
