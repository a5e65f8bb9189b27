using System.Net.Security;
using System.Security.Cryptography;
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

    /// <summary>Why a file that the options name is no good; null when it is.</summary>
    public static string? ProblemOf(ConsulOptions options, string name)
    {
        try
        {
            if (name == nameof(options.CertificateAuthorityFile))
                return Authorities(options.CertificateAuthorityFile!).Count > 0 ? null : "it has no certificate in PEM";
            if (name == nameof(options.ClientKeyFile) && File.Exists(options.ClientCertificateFile))
                X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile).Dispose();
            return null;
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    private static SslClientAuthenticationOptions Tls(ConsulOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CertificateAuthorityFile is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities(authorities));
        }

        if (options is { ClientCertificateFile: { } certificate, ClientKeyFile: { } key })
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(certificate, key), additionalCertificates: null, offline: true);
        }

        return tls;
    }
}
