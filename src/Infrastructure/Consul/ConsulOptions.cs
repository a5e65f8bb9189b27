using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>How Consul's agent is reached, for membership and for registration alike.</summary>
public sealed class ConsulOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Consul";

    /// <summary>Where the agent's HTTP API listens; https turns TLS on.</summary>
    [Required]
    public Uri Address { get; set; } = new("http://127.0.0.1:8500");

    /// <summary>
    /// The ACL token; null where Consul needs none. Membership needs <c>key_prefix</c> write, registration
    /// <c>service</c> write.
    /// </summary>
    [Secret]
    public string? Token { get; set; }

    /// <summary>The datacenter whose keys hold the membership; null for the agent's own.</summary>
    public string? Datacenter { get; set; }

    /// <summary>
    /// With https: authorities in PEM, one of which must have issued the agent's certificate; null for the system's.
    /// </summary>
    public string? CertificateAuthorityFile { get; set; }

    /// <summary>With https: this program's certificate in PEM, where the agent asks for one.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>The private key of <see cref="ClientCertificateFile"/>, in PEM.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>
    /// With https: the name in the agent's certificate, such as <c>server.dc1.consul</c>; null for the address's.
    /// </summary>
    public string? TlsServerName { get; set; }

    /// <summary>How long a request may take that waits for nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the agent may hold a request that waits for a change before it is asked again. It bounds how long a
    /// connection that silently died goes unnoticed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WatchDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest pause between two attempts to reach an agent that does not answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What attributes cannot say: a line for each thing to mend.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Address is null)
            yield break;
        var isHttps = Address.IsAbsoluteUri && Address.Scheme == Uri.UriSchemeHttps;
        if (!Address.IsAbsoluteUri || (!isHttps && Address.Scheme != Uri.UriSchemeHttp)
            || Address.PathAndQuery != "/" || Address.Fragment.Length > 0)
        {
            // What stands before an @ may be a password.
            var said = Address.OriginalString.Contains('@', StringComparison.Ordinal) ? "" : $" '{Address}'";
            yield return Refuse(nameof(Address), $"is{said}; it may be like http://127.0.0.1:8500, without a path");
        }
        else if (Address.UserInfo.Length > 0)
        {
            yield return Refuse(nameof(Address), $"has a user before the host; {Section}:Token is for that");
        }

        if (Token is { } token && token.Any(letter => letter is <= ' ' or > '~'))
            yield return Refuse(nameof(Token), "has spaces or letters that no token has");
        if (ClientCertificateFile is null != ClientKeyFile is null)
            yield return Refuse(nameof(ClientKeyFile), $"and {Section}:{nameof(ClientCertificateFile)} go together");
        foreach (var (name, file) in Files())
        {
            if (!isHttps)
                yield return Refuse(name, $"is '{file}', but {Section}:{nameof(Address)} does not begin with https");
            else if (!File.Exists(file))
                yield return Refuse(name, $"is '{file}', and there is no such file");
            else if (ConsulTls.ProblemOf(this, name) is { } problem)
                yield return Refuse(name, $"is '{file}', which cannot be used: {problem}");
        }
    }

    private static string Refuse(string name, string why) => $"{Section}:{name} {why}.";

    private IEnumerable<(string Name, string File)> Files()
    {
        if (CertificateAuthorityFile is { } authorities)
            yield return (nameof(CertificateAuthorityFile), authorities);
        if (ClientCertificateFile is { } certificate)
            yield return (nameof(ClientCertificateFile), certificate);
        if (ClientKeyFile is { } key)
            yield return (nameof(ClientKeyFile), key);
    }
}
