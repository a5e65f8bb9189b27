using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.Tests.LiveSettings;
using IndiiMusic.Api.Tests.Playlists;
using IndiiMusic.Api.Tests.Playlists.Live;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Infrastructure.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.Features;

/// <summary>Features that the operator switches off, or on for some only.</summary>
public sealed class FeatureTests(LiveSettingsServer server) : IClassFixture<LiveSettingsServer>
{
    private const string Filter = "EnabledFor:0:Name";
    private const string Audience = "EnabledFor:0:Parameters:Audience";

    public static TheoryData<string, string, string> Routes => new()
    {
        { "Registration", "POST", "/auth/register" },
        { "Uploads", "POST", "/tracks" },
        { "Uploads", "PUT", $"/tracks/{Guid.Empty}/artwork" },
        { "Uploads", "PUT", "/me/avatar" },
        { "Imports", "POST", "/playlists/import" },
    };

    [Fact]
    public async Task All_are_on_unless_somebody_says_otherwise()
    {
        await server.TakeAsync();
        using var anybody = Person.Stranger(server);

        var features = (await anybody.Get("/features")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(
            """{"registration":true,"uploads":true,"imports":true,"liveEditing":true}""", features.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_is_off_is_answered_with_a_code_of_its_own(string feature, string method, string path)
    {
        await server.TakeAsync();
        using var user = await Person.SignUp(server);
        var before = await SendAsync(user, method, path);
        Assert.NotEqual("feature_disabled", before.Code);

        await server.TakeAsync(($"FeatureManagement:{feature}", "false"));

        (await SendAsync(user, method, path)).Expect(HttpStatusCode.Forbidden, "feature_disabled");
        var features = (await user.Get("/features")).Body;
        Assert.False(features.GetProperty(JsonNamingPolicy.CamelCase.ConvertName(feature)).GetBoolean());
    }

    [Fact]
    public async Task Without_live_editing_the_hub_shows_changes_and_takes_none()
    {
        await server.TakeAsync();
        using var user = await Person.SignUp(server);
        var playlist = await user.MakePlaylist();
        var id = Guid.Parse(playlist.Split('/')[^1]);
        await using var client = new LivePlaylistClient(server.Address, id, () => Task.FromResult(user.Token));
        await client.ConnectAsync();

        await server.TakeAsync(("FeatureManagement:LiveEditing", "false"));

        var refused = await Assert.ThrowsAsync<HubException>(() =>
            client.SendAsync("a", [new { kind = "append", trackIds = Person.NewTracks(1) }]));
        Assert.Equal("feature_disabled", LivePlaylistClient.CodeOf(refused));
        var applied = await user.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(2) });
        await client.WaitForAsync(applied.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_group_is_given_by_ids_and_names_and_a_user_by_the_id()
    {
        using var byId = await Person.SignUp(server);
        using var byName = await Person.SignUp(server);
        using var alone = await Person.SignUp(server);
        using var other = await Person.SignUp(server);
        var card = await server.Grains.GetGrain<IUserGrain>(byName.Id).FindCard();
        await server.TakeAsync(
            ("Features:Groups:testers:0", byId.Id.ToString().ToUpperInvariant()),
            ("Features:Groups:testers:1", card!.Username.ToUpperInvariant()),
            ($"FeatureManagement:Imports:{Filter}", "Microsoft.Targeting"),
            ($"FeatureManagement:Imports:{Audience}:Users:0", alone.Id.ToString()),
            ($"FeatureManagement:Imports:{Audience}:Groups:0:Name", "Testers"),
            ($"FeatureManagement:Imports:{Audience}:Groups:0:RolloutPercentage", "100"),
            ($"FeatureManagement:Imports:{Audience}:DefaultRolloutPercentage", "0"));

        Assert.True(await HasImportsAsync(byId));
        Assert.True(await HasImportsAsync(byName));
        Assert.True(await HasImportsAsync(alone));
        Assert.False(await HasImportsAsync(other));
        using var stranger = Person.Stranger(server);
        Assert.False(await HasImportsAsync(stranger));
    }

    [Fact]
    public async Task A_share_of_all_users_is_the_same_users_each_time_and_grows()
    {
        var switches = server.Services.GetRequiredService<FeatureSwitches>();
        var users = Enumerable.Range(0, 1_000).Select(_ => new Actor(Guid.NewGuid())).ToList();

        var few = await OnForAsync(20);
        var many = await OnForAsync(60);

        Assert.InRange(few.Count, 140, 260);
        Assert.InRange(many.Count, 520, 680);
        Assert.Subset(many, few);
        Assert.Equal(many, await OnForAsync(60));

        async Task<HashSet<Actor>> OnForAsync(int percent)
        {
            await server.TakeAsync(
                ($"FeatureManagement:Uploads:{Filter}", "Microsoft.Targeting"),
                ($"FeatureManagement:Uploads:{Audience}:DefaultRolloutPercentage", $"{percent}"));
            var on = new HashSet<Actor>();
            foreach (var user in users)
            {
                if (await switches.IsOnAsync(Feature.Uploads, user))
                    on.Add(user);
            }

            return on;
        }
    }

    [Theory]
    [InlineData("FeatureManagement:Uploads:EnabledFor:0:Name", "Moon")]
    [InlineData("FeatureManagement:Uploads", "of")]
    [InlineData("FeatureManagement:Uploads:EnabledFor:0:Parameters:Audience:DefaultRolloutPercentage", "101")]
    [InlineData("FeatureManagement:Uploads:EnabledFor:0:Parameters:Audience:DefaultRolloutPercent", "10")]
    [InlineData("FeatureManagement:Uploads:EnabledFor:0:Parameters:Audience:Groups:0:Name", "nobodies")]
    [InlineData("FeatureManagement:Uploads:EnabledFor:0:Parameters:Audience:Users:0", "ana")]
    [InlineData("FeatureManagement:Downloads", "true")]
    public async Task What_is_no_feature_is_refused_and_what_held_goes_on(string key, string value)
    {
        await server.TakeAsync(("FeatureManagement:Uploads", "false"));

        var problem = await server.SetAsync(
        [
            ("FeatureManagement:Imports", "false"),
            (key, value),
            .. key.Contains("Parameters", StringComparison.Ordinal)
                ? [("FeatureManagement:Uploads:EnabledFor:0:Name", "Microsoft.Targeting")]
                : Array.Empty<(string, string)>(),
        ]);

        Assert.Contains("FeatureManagement:", problem, StringComparison.Ordinal);
        using var anybody = Person.Stranger(server);
        var features = (await anybody.Get("/features")).Body;
        Assert.True(features.GetProperty("imports").GetBoolean());
        Assert.False(features.GetProperty("uploads").GetBoolean());
    }

    [Fact]
    public async Task A_feature_whose_filter_fails_is_off()
    {
        // The gate keeps this out; here it stands for what nobody thought of.
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
                [new("FeatureManagement:Uploads:EnabledFor:0:Name", "Moon")]).Build())
            .AddSingleton(server.Grains)
            .AddIndiiFeatures()
            .BuildServiceProvider();

        Assert.False(await services.GetRequiredService<FeatureSwitches>().IsOnAsync(Feature.Uploads, Actor.Anonymous));
        Assert.True(await services.GetRequiredService<FeatureSwitches>().IsOnAsync(Feature.Imports, Actor.Anonymous));
    }

    private static async Task<bool> HasImportsAsync(Person person) =>
        (await person.Get("/features")).Expect(HttpStatusCode.OK).Body.GetProperty("imports").GetBoolean();

    private static Task<Answer> SendAsync(Person person, string method, string path) =>
        method == "POST" ? person.Post(path) : person.Put(path);
}
