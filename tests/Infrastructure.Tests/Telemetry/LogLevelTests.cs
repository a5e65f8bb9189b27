using IndiiMusic.Grains.Auditing;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.Telemetry;

/// <summary>Levels are heard while the program runs, and audit entries are not lost by them.</summary>
public sealed class LogLevelTests
{
    [Fact]
    public async Task A_changed_level_takes_effect_at_once()
    {
        await using var app = Build(("Logging:LogLevel:Default", "Warning"));
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("IndiiMusic.Tests");
        Assert.False(logger.IsEnabled(LogLevel.Debug));

        Change(app, "Logging:LogLevel:IndiiMusic", "Debug");
        Assert.True(logger.IsEnabled(LogLevel.Debug));

        Change(app, "Logging:LogLevel:IndiiMusic", "Error");
        Assert.False(logger.IsEnabled(LogLevel.Warning));
    }

    [Theory]
    [InlineData("Logging:LogLevel:Default", "None", true)]
    [InlineData("Logging:LogLevel:IndiiMusic", "Critical", true)]
    [InlineData("Logging:LogLevel:IndiiMusic.Audit", "None", false)]
    public async Task Audit_entries_are_silenced_by_their_own_category_alone(string key, string level, bool isHeard)
    {
        await using var app = Build((key, level));
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(AuditLog.Category);
        Assert.Equal(isHeard, logger.IsEnabled(LogLevel.Information));

        // And again after a reload.
        Change(app, "Logging:LogLevel:Other", "Warning");
        Assert.Equal(isHeard, logger.IsEnabled(LogLevel.Information));
    }

    [Fact]
    public async Task A_key_that_could_be_guessed_is_refused()
    {
        await using var app = Build(("Logging:HashKey", "short"));

        var refused = Assert.Throws<OptionsValidationException>(
            () => app.Services.GetRequiredService<IOptions<LogOptions>>().Value);

        Assert.Contains("Logging:HashKey is too short", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'short'", refused.Message, StringComparison.Ordinal);
    }

    private static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddIndiiLogging("indii-test");
        return builder.Build();
    }

    private static void Change(WebApplication app, string key, string value)
    {
        app.Configuration[key] = value;
        ((IConfigurationRoot)app.Configuration).Reload();
    }
}
