using System.Collections.Immutable;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Orleans.TestingHost;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>From a durable batch to who follows it, also when the silo that wrote it is gone.</summary>
public sealed class PlaylistOutboxTests : IAsyncLifetime
{
    private static readonly DateTimeOffset LongAgo = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly InMemoryEventStore _store = new();
    private InProcessTestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IEventStore>(_store);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.AddMemoryGrainStorageAsDefault();
            silo.UseInMemoryReminderService();
            silo.AddMemoryStreams(EventStreams.Provider, streams =>
                streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly));
            silo.AddIndiiPlaylists();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_a_dead_silo_left_reaches_the_libraries_and_leaves_the_outbox()
    {
        var (playlistId, member) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await LeaveBehindAsync(playlistId, member);
        Assert.Equal(1, _store.OutboxCount);

        var swept = await _cluster.Client.GetGrain<IPlaylistOutboxGrain>(0).Sweep();

        Assert.Equal(1, swept);
        await UntilAsync(() => _store.OutboxCount == 0);
        var page = await _cluster.Client.GetGrain<ILibraryGrain>(member).GetPlaylists(role: null, limit: 10, cursor: null);
        Assert.Equal((playlistId, PlaylistRole.Editor), (page.Items[0].PlaylistId, page.Items[0].Role));
        Assert.Equal(0, await _cluster.Client.GetGrain<IPlaylistOutboxGrain>(0).Sweep());
    }

    [Fact]
    public async Task A_batch_leaves_the_outbox_once_its_followers_have_handled_it()
    {
        var (owner, member) = (Actor.User(Guid.CreateVersion7()), Guid.CreateVersion7());
        var playlist = _cluster.Client.GetGrain<IPlaylistGrain>(Guid.CreateVersion7());
        await playlist.Create(owner, new CreatePlaylist("Test", null, default, default, []));
        await playlist.SetCollaborator(owner, member, PlaylistRole.Viewer);
        await UntilAsync(() => _store.OutboxCount == 0);
        var page = await _cluster.Client.GetGrain<ILibraryGrain>(member).GetPlaylists(role: null, limit: 10, cursor: null);
        Assert.Equal(playlist.GetPrimaryKey(), Assert.Single(page.Items).PlaylistId);
    }

    private async Task LeaveBehindAsync(Guid playlistId, Guid member)
    {
        var owner = Guid.CreateVersion7();
        var events = ImmutableArray.Create<PlaylistEvent>(
            new PlaylistCreated("Left", "", default, default, ForkedFrom: null),
            new CollaboratorSet(member, PlaylistRole.Editor));
        var record = new PlaylistCommandRecord(null, owner, null, LongAgo, events, 1, 1, Results: null);
        await _store.AppendAsync(
            new EventBatch(
                PlaylistDocuments.StreamOf(playlistId), 1, events.Length, LongAgo, PlaylistDocuments.WriteBatch([record])),
            CancellationToken.None);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; tries < 300 && !condition(); tries++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition());
    }
}
