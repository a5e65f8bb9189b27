using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Errors;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace IndiiMusic.Grains.Tests.Accounts;

/// <summary>Two silos with the grains of accounts and sessions, on a storage and a clock that tests control.</summary>
public sealed class AccountsCluster : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    public TestGrainStorage Storage { get; } = new();

    public ShiftedTime Time { get; } = new();

    public IGrainFactory Grains => _cluster.Client;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<TimeProvider>(Time);
            silo.Services.AddSingleton<IGrainStorage>(Storage);
            silo.AddStorageFailures();
            silo.Services.AddSingleton<IEncryptionKeyStore, Keys>();
            silo.AddIndiiAuth();
            silo.Services.Configure<PasswordHashingOptions>(options => options.Iterations = 2_000);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    /// <summary>A name that no other test uses.</summary>
    public static string UniqueName(string prefix) => prefix + Guid.CreateVersion7().ToString("N")[^12..];

    public async Task<UserProfile> Register(string username, string email, string password = "correct horse") =>
        await Grains.GetGrain<IRegistrationGrain>(IRegistrationGrain.Key)
            .Register(new RegisterAccount(username, email, password));

    public async Task<SessionTokens> LogIn(string login, string password = "correct horse") =>
        await Grains.GetGrain<ILogInGrain>(ILogInGrain.Key).LogIn(new Credentials(login, password));

    private sealed class Keys : IEncryptionKeyStore
    {
        public IReadOnlyList<EncryptionKey> Read() => [new EncryptionKey(new byte[EncryptionKey.BytesCount])];
    }

    /// <summary>How an attempt ends: with a result, or with the code of its failure.</summary>
    public static async Task<(T? Result, ErrorCode? Code)> Attempt<T>(Task<T> attempt)
    {
        try
        {
            return (await attempt, null);
        }
        catch (IndiiException failure)
        {
            return (default, failure.Code);
        }
    }
}

/// <summary>Test classes marked [Collection(AccountsCollection.Name)] share one cluster and run in turn.</summary>
[CollectionDefinition(Name)]
public sealed class AccountsCollection : ICollectionFixture<AccountsCluster>
{
    public const string Name = "accounts";
}
