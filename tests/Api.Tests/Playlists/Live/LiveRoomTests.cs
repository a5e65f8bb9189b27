using System.Diagnostics;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Api.Tests.Playlists.Live;

public sealed class LiveRoomTests
{
    private readonly Guid _id = Guid.CreateVersion7();

    [Fact]
    public async Task A_client_with_no_version_gets_a_snapshot_and_then_each_change()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        playlist.Append(3);
        await using var client = server.Client(_id);

        await client.ConnectAsync();
        var atJoin = (client.Version, client.Snapshots);
        playlist.Append();
        playlist.Append(2);
        await AssertSameAsync(playlist, client);

        Assert.Equal((4L, 1), atJoin);
        Assert.Equal(1, client.Snapshots);
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed_and_no_snapshot()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await using var other = server.Client(_id);
        await client.ConnectAsync();
        await other.ConnectAsync();

        await client.DropAsync();
        playlist.Append(5);
        await AssertSameAsync(playlist, other);
        await client.ConnectAsync();
        await AssertSameAsync(playlist, client);

        Assert.Equal(1, client.Snapshots);
        Assert.Equal(2, playlist.CatchUps);
    }

    [Fact]
    public async Task A_client_that_has_the_newest_version_is_told_that_it_is_live()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();
        await client.DropAsync();

        await client.ConnectAsync();

        Assert.Equal(1, client.ChangedMessages);
        await AssertSameAsync(playlist, client);
    }

    [Fact]
    public async Task A_client_whose_version_is_too_old_gets_a_snapshot()
    {
        await using var server = await LiveServer.StartAsync(options => options.ChangesKeptMax = 10);
        var playlist = server.Grains.Playlist(_id);
        playlist.ReachesBack = 10;
        await using var client = server.Client(_id);
        await client.ConnectAsync();
        await client.DropAsync();
        playlist.Append(11);

        await client.ConnectAsync();
        await AssertSameAsync(playlist, client);

        Assert.Equal(2, client.Snapshots);
    }

    [Fact]
    public async Task Joining_again_changes_nothing()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        for (var i = 0; i < 20; i++)
        {
            playlist.Append();
            await client.JoinAsync();
        }

        await AssertSameAsync(playlist, client);
        Assert.Equal(1, client.Snapshots);
    }

    [Fact]
    public async Task A_client_that_lost_its_list_gets_a_new_snapshot_by_joining_without_a_version()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();
        playlist.Append();
        await client.WaitForAsync(playlist.Versions.Version);

        await client.InvokeAsync("Join", [_id.ToString(), null]);
        playlist.Append();
        await AssertSameAsync(playlist, client);

        Assert.Equal(2, client.Snapshots);
    }

    [Fact]
    public async Task A_lost_notification_is_made_up_for_by_the_next()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        playlist.Loses = changes => changes.Versions.Version % 2 == 0;
        for (var i = 0; i < 50; i++)
            playlist.Append();
        playlist.Loses = _ => false;
        playlist.Append();

        await AssertSameAsync(playlist, client);
    }

    [Fact]
    public async Task A_lost_notification_is_found_though_nothing_follows_it()
    {
        await using var server = await LiveServer.StartAsync(options =>
            options.ProbeInterval = TimeSpan.FromMilliseconds(200));
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        playlist.Loses = _ => true;
        playlist.Append();

        await AssertSameAsync(playlist, client, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_playlist_that_forgot_its_observers_is_found_by_the_answer_to_an_edit()
    {
        await using var server = await LiveServer.StartAsync(options =>
            options.ProbeInterval = TimeSpan.FromMinutes(5));
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        playlist.ForgetObservers();
        var result = await client.SendAsync("one", [new { kind = "append", trackIds = Person.NewTracks(1) }]);
        await AssertSameAsync(playlist, client, TimeSpan.FromSeconds(5));

        Assert.Equal(playlist.Versions.Version, result.GetProperty("version").GetInt64());
        Assert.Equal(1, playlist.Observers);
    }

    [Fact]
    public async Task A_subscription_that_ran_out_is_renewed_and_its_gap_closed()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        playlist.Lifetime = TimeSpan.FromMilliseconds(200);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        for (var i = 0; i < 5; i++)
        {
            playlist.ForgetObservers();
            playlist.Append();
            await AssertSameAsync(playlist, client, TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task The_last_to_leave_ends_the_subscription()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var one = server.Client(_id);
        await using var two = server.Client(_id);
        await one.ConnectAsync();
        await two.ConnectAsync();

        await one.InvokeAsync("Leave", [_id.ToString()]);
        Assert.Equal(1, playlist.Observers);
        await two.DropAsync();

        await Eventually(() => playlist.Observers == 0);
        playlist.Append();
        await one.JoinAsync();
        await AssertSameAsync(playlist, one);
    }

    [Fact]
    public async Task Who_may_not_read_the_playlist_may_not_join()
    {
        await using var server = await LiveServer.StartAsync();
        var user = Guid.CreateVersion7();
        server.Grains.Playlist(_id).ShutOut(user);
        await using var client = server.Client(_id, user);

        var failure = await Assert.ThrowsAsync<HubException>(() => client.ConnectAsync());

        Assert.Equal("not_found", LivePlaylistClient.CodeOf(failure));
        Assert.Equal(0, server.Grains.Playlist(_id).Observers);
    }

    [Fact]
    public async Task Who_is_removed_is_told_so_and_sees_nothing_that_came_after()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        var user = Guid.CreateVersion7();
        await using var removed = server.Client(_id, user);
        await using var other = server.Client(_id);
        await removed.ConnectAsync();
        await other.ConnectAsync();
        var before = playlist.Versions.Version;

        var answers = new TaskCompletionSource();
        playlist.Delay = () => answers.Task;
        playlist.ShutOut(user);
        playlist.Append();
        await AssertSameAsync(playlist, other);
        answers.SetResult();

        await Eventually(() => removed.ClosedReason is not null);
        Assert.Equal("removed", removed.ClosedReason);
        Assert.Equal(before, removed.Version);
        Assert.Null(other.ClosedReason);
    }

    [Fact]
    public async Task Making_it_private_closes_it_to_those_who_lose_access_only()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        var stranger = Guid.CreateVersion7();
        await using var shutOut = server.Client(_id, stranger);
        await using var other = server.Client(_id);
        await shutOut.ConnectAsync();
        await other.ConnectAsync();

        playlist.MakePrivate(stranger);
        playlist.Append();

        await AssertSameAsync(playlist, other);
        await Eventually(() => shutOut.ClosedReason is not null);
        Assert.Equal("forbidden", shutOut.ClosedReason);
        Assert.Null(other.ClosedReason);
    }

    [Fact]
    public async Task Deleting_it_closes_it_to_everybody_after_the_last_change()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        playlist.Append();
        playlist.Delete();

        await Eventually(() => client.ClosedReason is not null);
        Assert.Equal("deleted", client.ClosedReason);
        Assert.Equal(playlist.Versions.Version, client.Version);
        await Eventually(() => playlist.Observers == 0);
    }

    [Fact]
    public async Task Broadcasts_show_what_every_member_may_hear_and_nothing_of_private_tracks()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        var shared = new TrackCard(
            Guid.CreateVersion7(), "Heard", ["Someone"], null, 1_000, TrackVisibility.Members, null, false);
        var secret = shared with
        {
            TrackId = Guid.CreateVersion7(),
            Title = "Secret",
            Visibility = TrackVisibility.Private,
            OwnerId = Guid.CreateVersion7(),
        };
        server.Grains.Cards[shared.TrackId] = shared;
        server.Grains.Cards[secret.TrackId] = secret;
        await using var client = server.Client(_id);
        var tracks = new List<JsonElement>();
        client.OnChanged = message => tracks.AddRange(message.GetProperty("changes").EnumerateArray()
            .SelectMany(change => change.GetProperty("entries").EnumerateArray())
            .Select(entry => entry.GetProperty("track").Clone()));
        await client.ConnectAsync();

        playlist.Append(trackId: shared.TrackId);
        playlist.Append(trackId: secret.TrackId);
        await AssertSameAsync(playlist, client);
        await Eventually(() => tracks.Count == 2);

        Assert.Equal("Heard", tracks[0].GetProperty("title").GetString());
        Assert.Equal("""{"available":false}""", tracks[1].GetRawText());
    }

    [Fact]
    public async Task A_storm_of_changes_reaches_a_client_in_few_messages()
    {
        await using var server = await LiveServer.StartAsync(options =>
        {
            options.SendsPerSecond = 20;
            options.SendsBurst = 1;
        });
        var playlist = server.Grains.Playlist(_id);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        for (var i = 0; i < 500; i++)
            playlist.Append();
        await AssertSameAsync(playlist, client);

        Assert.InRange(client.ChangedMessages, 1, 100);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_off_and_nobody_waits_for_it()
    {
        await using var server = await LiveServer.StartAsync(options =>
            options.SlowClientTimeout = TimeSpan.FromSeconds(1));
        var playlist = server.Grains.Playlist(_id);
        await using var quick = server.Client(_id);
        await quick.ConnectAsync();
        using var stuck = await StuckClient.JoinAsync(server, _id);
        await Eventually(() => PresentIn(quick) == 2);

        var slowest = TimeSpan.Zero;
        var patience = Stopwatch.StartNew();
        while (PresentIn(quick) == 2)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "The stuck client was not cut off.");
            var sentAt = Stopwatch.GetTimestamp();
            await quick.WaitForAsync(playlist.Append(200).Version);
            var took = Stopwatch.GetElapsedTime(sentAt);
            slowest = took > slowest ? took : slowest;
        }

        await AssertSameAsync(playlist, quick);
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"A change took {slowest} while another client was stuck.");
    }

    [Fact]
    public async Task A_client_that_was_behind_for_a_while_gets_all_it_missed()
    {
        await using var server = await LiveServer.StartAsync();
        var playlist = server.Grains.Playlist(_id);
        await using var quick = server.Client(_id);
        await using var slow = server.Client(_id);
        await quick.ConnectAsync();
        await slow.ConnectAsync();
        using var held = new ManualResetEventSlim();
        slow.OnChanged = _ => held.Wait(TimeSpan.FromSeconds(20));

        for (var i = 0; i < 40; i++)
            await quick.WaitForAsync(playlist.Append(200).Version);
        held.Set();

        await AssertSameAsync(playlist, slow);
        await AssertSameAsync(playlist, quick);
    }

    [Fact]
    public async Task Nobody_connects_without_a_token()
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };

        using var answer = await http.PostAsync("/hubs/playlists/negotiate?negotiateVersion=1", null);

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_connection_ends_with_its_token_and_comes_back_with_a_fresh_one()
    {
        await using var server = await LiveServer.StartAsync();
        var firstEndsAt = DateTimeOffset.UtcNow.AddSeconds(2);
        await using var connection = new HubConnectionBuilder()
            .WithUrl($"{server.Address}/hubs/playlists", options => options.AccessTokenProvider = () =>
                Task.FromResult<string?>(LiveServer.Token(
                    endsAt: DateTimeOffset.UtcNow < firstEndsAt ? firstEndsAt : null)))
            .WithAutomaticReconnect()
            .Build();
        var back = new TaskCompletionSource();
        connection.Reconnected += _ =>
        {
            back.SetResult();
            return Task.CompletedTask;
        };
        await connection.StartAsync();

        await back.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("Join", "not_found")]
    [InlineData("Apply", "not_found")]
    [InlineData("SetPresence", "not_found")]
    public async Task An_id_that_is_none_is_not_found(string method, string code)
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = server.Client(_id);
        await client.ConnectAsync(join: false);
        object?[] arguments = method == "Join" ? ["nonsense", null] : ["nonsense", new { }];

        var failure = await Assert.ThrowsAsync<HubException>(() => client.InvokeAsync(method, arguments));

        Assert.Equal(code, LivePlaylistClient.CodeOf(failure));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"operationId":"a","ops":[]}""")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"sing"}]}""")]
    [InlineData("""{"operationId":"a","ops":[{"kind":"append","trackIds":["nonsense"]}]}""")]
    [InlineData("""null""")]
    [InlineData("""7""")]
    public async Task A_command_that_makes_no_sense_is_refused_with_a_code(string command)
    {
        await using var server = await LiveServer.StartAsync();
        await using var client = server.Client(_id);
        await client.ConnectAsync(join: false);

        var failure = await Assert.ThrowsAsync<HubException>(() =>
            client.InvokeAsync("Apply", [_id.ToString(), JsonDocument.Parse(command).RootElement]));

        Assert.Equal("invalid_request", LivePlaylistClient.CodeOf(failure));
    }

    [Fact]
    public async Task Calls_draw_on_the_budget_of_requests_that_a_user_has()
    {
        await using var server = await LiveServer.StartAsync(limit: limits =>
            limits.HubBurst = limits.HubPerSecond = 5);
        await using var client = server.Client(_id);
        await client.ConnectAsync();

        var failure = await Assert.ThrowsAsync<HubException>(async () =>
        {
            for (var i = 0; i < 100; i++)
                await client.InvokeAsync("Leave", [_id.ToString()]);
        });

        Assert.Equal("rate_limited", LivePlaylistClient.CodeOf(failure));
    }

    [Fact]
    public async Task A_connection_may_join_only_so_many_playlists()
    {
        await using var server = await LiveServer.StartAsync(options => options.RoomsPerConnectionMax = 2);
        await using var client = server.Client(_id);
        await client.ConnectAsync();
        await client.InvokeAsync("Join", [Guid.CreateVersion7().ToString(), null]);

        var failure = await Assert.ThrowsAsync<HubException>(() =>
            client.InvokeAsync("Join", [Guid.CreateVersion7().ToString(), null]));

        Assert.Equal("limit_exceeded", LivePlaylistClient.CodeOf(failure));
    }

    internal static async Task AssertSameAsync(
        FakePlaylist playlist, LivePlaylistClient client, TimeSpan? timeout = null)
    {
        await client.WaitForAsync(playlist.Versions.Version, timeout);
        Assert.Empty(client.Violations);
        Assert.Equal(playlist.Versions.Version, client.Version);
        Assert.Equal(playlist.EntryIds, client.Entries.Select(entry => entry.EntryId));
    }

    private static int PresentIn(LivePlaylistClient client) =>
        client.Presence.ValueKind == JsonValueKind.Object ? client.Presence.GetProperty("count").GetInt32() : 0;

    internal static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
            await Task.Delay(10, patience.Token);
    }
}
