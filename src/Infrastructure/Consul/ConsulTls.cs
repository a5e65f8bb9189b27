using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Connections to the agent, with the trust and the certificate that the options name.</summary>
internal static class ConsulTls
{
    // So that a new address behind a name is heard of.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static SocketsHttpHandler Handler(ConsulOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.RequestTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        if (options.Address.Scheme == Uri.UriSchemeHttps)
            handler.SslOptions = Tls(options);
        return handler;
    }

    private static SslClientAuthenticationOptions Tls(ConsulOptions options)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = options.TlsServerName };
        if (options.CertificateAuthorityFile is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
        }

        if (options is { ClientCertificateFile: { } certificate, ClientKeyFile: { } key })
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(certificate, key), additionalCertificates: null, offline: true);
        }

        return tls;
    }
}
