using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.TestServers;

namespace IndiiMusic.Infrastructure.Tests.Consul;

/// <summary>An agent that asks for TLS, a certificate and a token.</summary>
[Trait("Server", "Consul")]
public sealed class ConsulSecurityTests(ConsulSecurityTests.Agent agent) : IClassFixture<ConsulSecurityTests.Agent>
{
    [Fact]
    public async Task With_everything_right_the_table_works()
    {
        using var client = ConsulParts.Client(agent.Options());
        var table = ConsulParts.Table(client, "secure");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await table.InitializeMembershipTableAsync(true, patience.Token);
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(System.Net.IPAddress.Loopback, 1, 1),
            HostName = "host",
            SiloName = "silo",
        };

        Assert.True(await table.InsertRowAsync(entry, new TableVersion(0, "0").Next(), CancellationToken.None));

        Assert.Single((await table.ReadAllAsync(CancellationToken.None)).Members);
        Assert.True(await client.HasLeaderAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
    }

    [Fact]
    public async Task Without_its_authority_the_agent_is_not_trusted()
    {
        var options = agent.Options();
        options.CertificateAuthorityFile = null;
        await AssertRefusedAsync(options);

        options.CertificateAuthorityFile = agent.OtherAuthorityFile;
        await AssertRefusedAsync(options);
    }

    [Fact]
    public async Task By_another_name_the_agent_is_not_trusted()
    {
        var options = agent.Options();
        options.TlsServerName = null;

        await AssertRefusedAsync(options);
    }

    [Fact]
    public async Task Without_a_certificate_the_agent_does_not_answer()
    {
        var options = agent.Options();
        options.ClientCertificateFile = options.ClientKeyFile = null;

        await AssertRefusedAsync(options);
    }

    [Fact]
    public async Task A_token_that_is_not_known_is_refused_and_not_said()
    {
        var options = agent.Options();
        options.Token = Guid.CreateVersion7().ToString();

        var failure = await AssertRefusedAsync(options);

        Assert.Contains("403", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(options.Token, failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task<ConsulException> AssertRefusedAsync(ConsulOptions options)
    {
        using var client = ConsulParts.Client(options);
        return await Assert.ThrowsAsync<ConsulException>(() => client.TransactAsync(
            [ConsulStep.Set("indiimusic/a", [1])], CancellationToken.None));
    }

    /// <summary>Makes the certificates and runs the agent with them.</summary>
    public sealed class Agent : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("indiimusic-consul-").FullName;
        private readonly string _token = Guid.CreateVersion7().ToString();

        public ConsulServer? Server { get; private set; }

        public string OtherAuthorityFile => Path.Combine(_folder, "other.pem");

        public async Task InitializeAsync()
        {
            var now = DateTimeOffset.UtcNow;
            using var authority = Authority(now);
            using var other = Authority(now);
            Write("ca.pem", authority.ExportCertificatePem());
            Write("other.pem", other.ExportCertificatePem());
            Issue(authority, "server", now);
            Issue(authority, "client", now);
            Server = new ConsulServer(
                $$"""
                ca_file = "{{Path.Combine(_folder, "ca.pem")}}"
                cert_file = "{{Path.Combine(_folder, "server.pem")}}"
                key_file = "{{Path.Combine(_folder, "server.key")}}"
                verify_incoming_https = true
                acl {
                  enabled = true
                  default_policy = "deny"
                  tokens { master = "{{_token}}" agent = "{{_token}}" }
                }
                """,
                isHttps: true)
            {
                Token = _token,
            };
            await Server.StartAsync();
        }

        public async Task DisposeAsync()
        {
            if (Server is not null)
                await Server.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        public ConsulOptions Options() => new()
        {
            Address = Server!.HttpsAddress,
            Token = _token,
            CertificateAuthorityFile = Path.Combine(_folder, "ca.pem"),
            ClientCertificateFile = Path.Combine(_folder, "client.pem"),
            ClientKeyFile = Path.Combine(_folder, "client.key"),
            TlsServerName = "server.dc1.consul",
        };

        private static X509Certificate2 Authority(DateTimeOffset now)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Tests", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        }

        private void Issue(X509Certificate2 authority, string name, DateTimeOffset now)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}.dc1.consul", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName($"{name}.dc1.consul");
            request.CertificateExtensions.Add(names.Build());
            using var issued = request.Create(
                authority, now.AddHours(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(8));
            Write($"{name}.pem", issued.ExportCertificatePem());
            Write($"{name}.key", key.ExportPkcs8PrivateKeyPem());
        }

        private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
    }
}
