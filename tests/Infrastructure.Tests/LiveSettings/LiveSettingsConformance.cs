using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Tests.LiveSettings;

/// <summary>What holds wherever live settings stand.</summary>
public abstract class LiveSettingsConformance
{
    private const string Timeout = "Ffmpeg:TimeoutSeconds";

    /// <summary>What a program must be told to find the store.</summary>
    protected abstract IEnumerable<KeyValuePair<string, string?>> Settings { get; }

    /// <summary>Makes the store hold these settings and no others, all at one moment.</summary>
    protected abstract Task HoldAsync(params (string Key, string Value)[] settings);

    [Fact]
    public async Task A_change_takes_effect_within_moments_and_is_noted()
    {
        await HoldAsync((Timeout, "40"));
        await using var program = await StartAsync();
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);

        var since = TimeProvider.System.GetTimestamp();
        await HoldAsync((Timeout, "50"));
        await program.UntilTimeoutIsAsync(50);

        Assert.InRange(TimeProvider.System.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await program.UntilSaidAsync(
            "configuration-changed: success [EventAction=configuration-changed] [EventOutcome=success] "
            + "[Setting=Ffmpeg:TimeoutSeconds] [EventReason='40' became '50'.]");
    }

    [Fact]
    public async Task A_setting_that_goes_away_is_as_it_was_without()
    {
        await HoldAsync((Timeout, "40"));
        await using var program = await StartAsync();

        await HoldAsync();

        await program.UntilTimeoutIsAsync(30);
        await program.UntilSaidAsync("[EventReason='40' became '30'.]");
    }

    [Fact]
    public async Task Levels_of_the_log_change()
    {
        await HoldAsync();
        await using var program = await StartAsync();
        var logger = program.Logger("IndiiMusic.Tests");
        Assert.False(logger.IsEnabled(LogLevel.Debug));

        await HoldAsync(("Logging:LogLevel:IndiiMusic.Tests", "Debug"));

        await program.UntilAsync(_ => logger.IsEnabled(LogLevel.Debug));
    }

    [Theory]
    [InlineData(Timeout, "soon", "Ffmpeg:TimeoutSeconds is 'soon'; it may be 1 to 600.")]
    [InlineData(Timeout, "601", "Ffmpeg:TimeoutSeconds is '601'; it may be 1 to 600.")]
    [InlineData("Redis:DeafAfter", "00:00:00.200", "Redis:DeafAfter")]
    [InlineData("Logging:LogLevel:Default", "Loud", "Logging:LogLevel:Default is 'Loud'; it may be Trace, Debug")]
    [InlineData("Ffmpeg:TimoutSeconds", "5", "Was Ffmpeg:TimeoutSeconds meant?")]
    [InlineData("Objects:Provider", "S3", "Objects:Provider cannot be set live")]
    [InlineData("Consul:Address", "http://127.0.0.1:1", "Consul:Address cannot be set live")]
    [InlineData("FeatureManagement:Uplods", "false", "Was FeatureManagement:Uploads meant?")]
    [InlineData("FeatureManagement:Uploads", "perhaps", "FeatureManagement:Uploads is 'perhaps'; it may be true or false.")]
    [InlineData("FeatureManagement:Uploads:EnabledFor:0:Name", "Moon", "'Moon'; it may be Microsoft.Targeting or")]
    public async Task A_change_of_which_one_setting_is_wrong_is_refused_whole(string key, string value, string why)
    {
        await HoldAsync((Timeout, "40"));
        await using var program = await StartAsync();

        await HoldAsync(("Ffmpeg:Ffmpeg", "elsewhere"), (key, value));

        await program.UntilSaidAsync(why);
        await program.UntilSaidAsync("configuration-changed: failure");
        Assert.Equal((40, "ffmpeg"), (program.Ffmpeg.TimeoutSeconds, program.Ffmpeg.Ffmpeg));
        var (status, said) = await program.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains(why, said, StringComparison.Ordinal);

        await HoldAsync((Timeout, "50"));
        await program.UntilTimeoutIsAsync(50);
        Assert.Equal(HealthStatus.Healthy, (await program.HealthAsync()).Status);
    }

    [Fact]
    public async Task What_is_wrong_at_the_start_stops_no_start()
    {
        await HoldAsync((Timeout, "0"));
        await using var program = await StartAsync();

        Assert.Equal(30, program.Ffmpeg.TimeoutSeconds);
        Assert.Equal(HealthStatus.Degraded, (await program.HealthAsync()).Status);
        Assert.True(program.Log.Has("Ffmpeg:TimeoutSeconds is '0'; it may be 1 to 600."));

        await HoldAsync((Timeout, "7"));
        await program.UntilTimeoutIsAsync(7);
    }

    [Fact]
    public async Task A_setting_of_another_version_that_was_there_at_the_start_is_passed_over()
    {
        await HoldAsync((Timeout, "40"), ("Ffmpeg:ColourOfTheBench", "blue"));
        await using var program = await StartAsync();
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);
        Assert.True(program.Log.Has("No program of this version reads the setting Ffmpeg:ColourOfTheBench"));

        await HoldAsync((Timeout, "50"), ("Ffmpeg:ColourOfTheBench", "red"));
        await program.UntilTimeoutIsAsync(50);
    }

    [Fact]
    public async Task Secrets_are_never_shown()
    {
        await HoldAsync();
        await using var program = await StartAsync();

        await HoldAsync(("Redis:Password", "b1gs33cr3t"));
        await program.UntilSaidAsync("[Setting=Redis:Password] [EventReason=(secret) became (secret).]");
        await HoldAsync(("Redis:Password", "b1gs33cr3t"), ("Redis:ConnectionString", ""));
        await program.UntilSaidAsync("configuration-changed: failure");

        Assert.False(program.Log.Has("b1gs33cr3t"));
        Assert.Equal("b1gs33cr3t", program.Configuration["Redis:Password"]);
    }

    [Fact]
    public async Task Who_is_in_a_group_is_not_shown()
    {
        await HoldAsync();
        await using var program = await StartAsync();

        await HoldAsync(("Features:Groups:testers:0", "ana"));
        await program.UntilSaidAsync("[Setting=Features:Groups:testers:0] [EventReason=nothing became (a user).]");

        Assert.False(program.Log.Has("'ana'"));
    }

    [Fact]
    public async Task What_waits_for_the_next_start_says_so()
    {
        await HoldAsync();
        await using var program = await StartAsync();

        await HoldAsync(("Redis:BreakTime", "00:00:03"));

        await program.UntilSaidAsync("The setting Redis:BreakTime takes effect when this program starts the next time.");
    }

    [Fact]
    public async Task The_command_line_has_the_last_word_and_the_log_says_so()
    {
        await HoldAsync();
        await using var program = await StartAsync("--Ffmpeg:TimeoutSeconds=60");

        await HoldAsync((Timeout, "50"));

        await program.UntilSaidAsync(
            "The live setting Ffmpeg:TimeoutSeconds has no effect here: the command line sets it too");
        Assert.Equal(60, program.Ffmpeg.TimeoutSeconds);
    }

    [Fact]
    public async Task Of_two_changes_in_a_row_the_last_holds()
    {
        await HoldAsync();
        await using var program = await StartAsync();

        for (var seconds = 100; seconds <= 120; seconds++)
            await HoldAsync((Timeout, seconds.ToString(CultureInfo.InvariantCulture)));

        await program.UntilTimeoutIsAsync(120);
    }

    [Fact]
    public async Task A_thousand_settings_are_taken()
    {
        var many = Enumerable.Range(0, 1_000).Select(n => ($"Logging:LogLevel:Category{n}", "Error"));
        await HoldAsync([.. many]);
        await using var program = await StartAsync();

        Assert.True(program.Log.Has("1000 live settings are taken from"));
        await HoldAsync([.. many, (Timeout, "41")]);
        await program.UntilTimeoutIsAsync(41);
    }

    private protected Task<LiveProgram> StartAsync(params string[] commandLine) =>
        LiveProgram.StartAsync(Settings, commandLine);
}
