using System.Text.Json;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Infrastructure.LiveSettings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Api.Tests.LiveSettings;

/// <summary>A server whose settings a test changes while it runs, in the file that an owner would edit.</summary>
public sealed class LiveSettingsServer : StandaloneServer
{
    protected override string[] Budgets => [];

    protected override string[] Settings => ["--LiveSettings:File:Interval=00:00:00.050"];

    /// <summary>Makes these the only live settings; returns once they hold, or are refused.</summary>
    /// <returns>Why they are refused; null when they are not.</returns>
    public async Task<string?> SetAsync(params (string Key, string Value)[] settings)
    {
        // The mark tells this change from the one before.
        var mark = Guid.CreateVersion7().ToString();
        var all = settings.Append(("Logging:LogLevel:Mark", "Error")).Append(($"Logging:LogLevel:{mark}", "Error"))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var (changes, before) = await LookAsync();
        var next = Path.Combine(DataPath, "settings.next");
        await File.WriteAllTextAsync(next, JsonSerializer.Serialize(all));
        File.Move(next, Path.Combine(DataPath, "settings.json"), overwrite: true);

        var configuration = Services.GetRequiredService<IConfiguration>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var (now, problem) = await LookAsync();
            if (now > changes && configuration[$"Logging:LogLevel:{mark}"] is not null)
                return null;
            if (now == changes && problem is not null && problem != before)
                return problem;
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>The same for what must not be refused.</summary>
    public async Task TakeAsync(params (string Key, string Value)[] settings) =>
        Assert.Null(await SetAsync(settings));

    protected override void Map(WebApplication app) => app.MapApiGroup().AdmitsAnybody().MapGet(
        "/test/slow",
        (CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));

    private async Task<(int Changes, string? Problem)> LookAsync()
    {
        var report = await Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == LiveSettingsHosting.HealthCheckName);
        var entry = report.Entries[LiveSettingsHosting.HealthCheckName];
        return ((int)entry.Data["changes"], entry.Description);
    }
}
