using System.Net;
using IndiiMusic.Infrastructure.MongoDb;
using IndiiMusic.Infrastructure.Tests.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>Real silos whose grains keep their state, reminders and subscriptions in MongoDB.</summary>
public sealed class MongoDbSiloTests(MongoDbFixture fixture) : IClassFixture<MongoDbFixture>
{
    [Fact]
    public async Task State_reminders_and_subscriptions_are_there_after_a_restart()
    {
        const string key = "kept";
        using (var host = await StartAsync())
        {
            var grain = host.Services.GetRequiredGrain(key);
            await grain.Rename("Ænima");
            await grain.Remind(TimeSpan.FromHours(1));
            await grain.Subscribe();
            await host.StopAsync();
        }

        using (var host = await StartAsync())
        {
            var grain = host.Services.GetRequiredGrain(key);
            Assert.Equal("Ænima", await grain.Name());
            Assert.Equal(["sample"], await grain.ReminderNames());
            Assert.Equal(1, await grain.CountSubscriptions());
            await host.StopAsync();
        }
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddMongoDbStorage(fixture.Connect);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(gatewayPort: 0);
            silo.Configure<EndpointOptions>(endpoints =>
                endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0));
            silo.UseMongoDbGrainStorage("PubSubStore");
            silo.UseMongoDbReminders();
            silo.AddMemoryStreams(SqliteSilo.Streams);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}

internal static class SampleGrains
{
    /// <summary>The sample grain of a key.</summary>
    public static ISampleGrain GetRequiredGrain(this IServiceProvider services, string key) =>
        ((IGrainFactory)services.GetService(typeof(IGrainFactory))!).GetGrain<ISampleGrain>(key);
}
