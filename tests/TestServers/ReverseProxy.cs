using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IndiiMusic.TestServers;

/// <summary>
/// A real reverse proxy that runs a configuration as it stands in the documentation, but for its addresses and paths.
/// It shows a certificate of its own.
/// </summary>
public abstract class ReverseProxy : ServerProcess
{
    private readonly int _httpPort = FreePort.Next();
    private readonly int _httpsPort = FreePort.Next();

    /// <summary>Where it listens with TLS.</summary>
    public string Address => $"https://127.0.0.1:{_httpsPort}";

    /// <summary>Where it listens without.</summary>
    public string PlainAddress => $"http://127.0.0.1:{_httpPort}";

    /// <summary>What it shows.</summary>
    public X509Certificate2 Certificate { get; } = MakeCertificate();

    /// <summary>How a client trusts it and nobody else.</summary>
    /// <param name="certificate">What it shows.</param>
    public static SslClientAuthenticationOptions Trusting(X509Certificate2 certificate) => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <summary>What of the configuration is replaced by what.</summary>
    protected abstract IEnumerable<(string Is, string Becomes)> Replacements(int httpPort, int httpsPort);

    /// <summary>Writes the certificates into the folder, and the configuration with everything in its place.</summary>
    /// <returns>The path of the configuration.</returns>
    /// <exception cref="InvalidOperationException">Something to be replaced is not there.</exception>
    protected string Write(string configuration)
    {
        var certificate = Certificate.ExportCertificatePem();
        var key = Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        File.WriteAllText(Path.Combine(Folder, "indii.crt"), certificate);
        File.WriteAllText(Path.Combine(Folder, "indii.key"), key);
        File.WriteAllText(Path.Combine(Folder, "indii.pem"), $"{certificate}\n{key}\n");
        var text = File.ReadAllText(configuration);
        foreach (var (part, becomes) in Replacements(_httpPort, _httpsPort))
        {
            if (!text.Contains(part, StringComparison.Ordinal))
                throw new InvalidOperationException($"'{part}' does not stand in {configuration}.");
            text = text.Replace(part, becomes, StringComparison.Ordinal);
        }

        var path = Path.Combine(Folder, Path.GetFileName(configuration));
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _httpsPort);
            await using var stream = new SslStream(client.GetStream());
            var trusting = Trusting(Certificate);
            trusting.TargetHost = "127.0.0.1";
            await stream.AuthenticateAsClientAsync(trusting);
            return true;
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

/// <summary>HAProxy in front of two gateways.</summary>
public sealed class HaproxyServer(string configuration, string first, string second) : ReverseProxy
{
    protected override IEnumerable<(string Is, string Becomes)> Replacements(int httpPort, int httpsPort) =>
    [
        ("bind :80", $"bind 127.0.0.1:{httpPort}"),
        ("bind :443", $"bind 127.0.0.1:{httpsPort}"),
        ("/etc/haproxy/certs", Folder),
        ("192.0.2.11:8080", first),
        ("192.0.2.12:8080", second),
    ];

    protected override ProcessStartInfo Command() => new("haproxy", ["-db", "-f", Write(configuration)]);
}

/// <summary>nginx in front of two gateways.</summary>
public sealed class NginxServer(string configuration, string first, string second) : ReverseProxy
{
    protected override IEnumerable<(string Is, string Becomes)> Replacements(int httpPort, int httpsPort) =>
    [
        ("listen 80;", $"listen 127.0.0.1:{httpPort};"),
        ("listen 443 ", $"listen 127.0.0.1:{httpsPort} "),
        ("/etc/nginx/certs", Folder),
        ("/var/log/nginx", Folder),
        ("/run/nginx.pid", Path.Combine(Folder, "nginx.pid")),
        ("192.0.2.11:8080", first),
        ("192.0.2.12:8080", second),
    ];

    protected override ProcessStartInfo Command() =>
        new("nginx", ["-p", Folder, "-c", Write(configuration), "-g", "daemon off;"]);
}
