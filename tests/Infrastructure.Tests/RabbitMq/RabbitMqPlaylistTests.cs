using IndiiMusic.Grains;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;
using IndiiMusic.Infrastructure.RabbitMq;
using IndiiMusic.Infrastructure.Sqlite;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace IndiiMusic.Infrastructure.Tests.RabbitMq;

/// <summary>Playlists, their outbox and libraries with a real broker between them.</summary>
[Collection(RabbitMqCollection.Name)]
[Trait("Server", "RabbitMq")]
public sealed class RabbitMqPlaylistTests(RabbitMqFixture fixture) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indiimusic-rabbitmq-").FullName;
    private InProcessTestCluster _cluster = null!;

    private IEventStore Store => _cluster.Silos[0].ServiceProvider.GetRequiredService<IEventStore>();

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSqliteStorage(options => options.File = Path.Combine(_folder, "indii.db"));
            silo.UseSqliteGrainStorage();
            silo.UseInMemoryReminderService();
            silo.AddRabbitMqStreams(EventStreams.Provider, options =>
            {
                options.Uri = fixture.Server.Uri;
                options.PublishTimeout = TimeSpan.FromSeconds(5);
                options.ReconnectDelayMax = TimeSpan.FromMilliseconds(500);
            });
            silo.AddIndiiPlaylists();
            silo.Services.Configure<PlaylistOptions>(options =>
            {
                options.OutboxSweepAfterSeconds = 1;
                options.OutboxSweepBatchesMax = 20;
            });
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Edits_go_on_while_the_broker_is_stopped_and_reach_libraries_afterwards()
    {
        var before = await InviteAsync();
        await UntilInLibraryAsync([before]);
        await UntilOutboxIsEmptyAsync();

        await fixture.Server.StopAsync();
        var during = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => InviteAsync()));
        Assert.InRange(await CountOutboxAsync(), 60, 120);
        await fixture.Server.StartAsync();
        await UntilOutboxIsEmptyAsync(
            () => _cluster.Client.GetGrain<IPlaylistOutboxGrain>(0).Sweep());

        await UntilInLibraryAsync(during);
    }

    private async Task<(Guid Playlist, Guid Member)> InviteAsync()
    {
        var (owner, member) = (Actor.User(Guid.CreateVersion7()), Guid.CreateVersion7());
        var playlist = _cluster.Client.GetGrain<IPlaylistGrain>(Guid.CreateVersion7());
        await playlist.Create(owner, new CreatePlaylist("Test", null, default, default, []));
        await playlist.SetCollaborator(owner, member, PlaylistRole.Editor);
        return (playlist.GetPrimaryKey(), member);
    }

    private async Task UntilInLibraryAsync(IEnumerable<(Guid Playlist, Guid Member)> invited)
    {
        foreach (var (playlist, member) in invited)
        {
            var library = _cluster.Client.GetGrain<ILibraryGrain>(member);
            var page = await library.GetPlaylists(role: null, limit: 10, cursor: null);
            for (var tries = 0; tries < 500 && page.Items.IsEmpty; tries++)
            {
                await Task.Delay(20);
                page = await library.GetPlaylists(role: null, limit: 10, cursor: null);
            }

            Assert.Equal((playlist, PlaylistRole.Editor), (page.Items[0].PlaylistId, page.Items[0].Role));
        }
    }

    private async Task UntilOutboxIsEmptyAsync(Func<Task>? sweep = null)
    {
        for (var tries = 0; tries < 500 && await CountOutboxAsync() > 0; tries++)
        {
            if (sweep is not null)
                await sweep();
            await Task.Delay(20);
        }

        Assert.Equal(0, await CountOutboxAsync());
    }

    private async Task<int> CountOutboxAsync() =>
        await Store.ReadUnpublishedAsync(DateTimeOffset.MaxValue, 10_000, CancellationToken.None).CountAsync();
}
