using System.Net;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Proxies;

/// <summary>Whose word counts for where a request came from. Section <c>Proxies</c>.</summary>
public sealed class ProxyOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Proxies";

    /// <summary>
    /// Addresses and networks of the proxies in front, such as <c>10.1.2.3</c>, <c>10.0.0.0/8</c> or <c>fd00::/8</c>;
    /// none unless configured. What they say in <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> is believed, and
    /// what anybody else says there is not: else each caller could choose the address on which it is limited.
    /// </summary>
    public IReadOnlyList<string> Trusted { get; set; } = [];

    /// <summary>A network, or a lone address as the network that holds nothing else.</summary>
    internal static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
            return true;
        if (!IPAddress.TryParse(text, out var address))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }
}

/// <summary>Holds that each is an address or a network.</summary>
internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
    {
        var problems = options.Trusted.Where(text => !ProxyOptions.TryParse(text, out _)).Select(text =>
            $"{ProxyOptions.Section}:{nameof(ProxyOptions.Trusted)} holds '{text}'; it may be an address such as "
            + "10.1.2.3, or a network such as 10.0.0.0/8 or fd00::/8.").ToList();
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
