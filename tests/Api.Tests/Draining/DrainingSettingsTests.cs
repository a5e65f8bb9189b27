using IndiiMusic.Api.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.Draining;

/// <summary>How long a gateway drains may be decided while it runs.</summary>
public sealed class DrainingSettingsTests
{
    [Fact]
    public async Task The_delay_is_the_one_that_holds_when_the_gateway_is_told_to_stop()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([new("Draining:Delay", "00:01:00")]);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddIndiiDraining();
        await using var app = builder.Build();
        await app.StartAsync();

        app.Configuration["Draining:Delay"] = "00:00:00.300";
        ((IConfigurationRoot)app.Configuration).Reload();
        var since = TimeProvider.System.GetTimestamp();
        await app.StopAsync();

        Assert.InRange(
            TimeProvider.System.GetElapsedTime(since), TimeSpan.FromSeconds(0.29), TimeSpan.FromSeconds(30));
    }
}
