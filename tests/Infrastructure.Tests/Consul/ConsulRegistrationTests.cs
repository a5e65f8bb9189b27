using System.Net;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Tests.Consul;

[Collection(ConsulCollection.Name)]
[Trait("Server", "Consul")]
public sealed class ConsulRegistrationTests(ConsulFixture fixture)
{
    private readonly string _service = $"indii-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_started_program_is_found_and_one_that_stops_is_not()
    {
        await using var first = Program();
        await using var second = Program();
        await first.StartAsync();
        await second.StartAsync();
        await UntilFoundAsync(Port(first), Port(second));

        // Asked by name, as callers do, over DNS.
        Assert.Equal(
            new[] { Port(first), Port(second) }.Order(),
            (await ServiceLookup.PortsAsync(fixture.Server.Dns, $"{_service}.service.consul")).Order());

        await second.StopAsync();

        await UntilFoundAsync(Port(first));
        Assert.Equal([Port(first)], await ServiceLookup.PortsAsync(fixture.Server.Dns, $"{_service}.service.consul"));
    }

    [Fact]
    public async Task A_program_is_forgotten_before_it_closes_anything()
    {
        var witness = new Witness();
        // Registered earlier, so that the host asks it later.
        await using var program = Program(before: services => services.AddHostedService(_ => witness));
        witness.Look = async () =>
        {
            using var http = new HttpClient();
            var answer = await http.GetAsync(new Uri(Url(program), "/health/ready"));
            return (await FoundAsync(), answer.StatusCode);
        };
        await program.StartAsync();
        await UntilFoundAsync(Port(program));

        await program.StopAsync();

        var (found, answered) = witness.Seen!.Value;
        Assert.Empty(found);
        Assert.Equal(HttpStatusCode.OK, answered);
    }

    [Fact]
    public async Task A_stop_that_takes_its_time_does_not_keep_the_program_listed()
    {
        var slow = new SlowStop();
        // Registered later, so that the host asks it first.
        await using var program = Program(after: services => services.AddHostedService(_ => slow));
        await program.StartAsync();
        await UntilFoundAsync(Port(program));

        // As a signal to the process does.
        program.Lifetime.StopApplication();
        var stop = program.StopAsync();
        await slow.Asked.Task;
        await UntilFoundAsync();

        slow.Finish.SetResult();
        await stop;
    }

    [Fact]
    public async Task A_program_that_is_not_ready_is_not_found()
    {
        var ready = true;
        await using var program = Program(isReady: () => ready);
        await program.StartAsync();
        await UntilFoundAsync(Port(program));

        ready = false;
        await UntilFoundAsync();
        Assert.Empty(await ServiceLookup.PortsAsync(fixture.Server.Dns, $"{_service}.service.consul"));

        ready = true;
        await UntilFoundAsync(Port(program));
    }

    [Fact]
    public async Task A_program_that_starts_unready_is_listed_and_not_found()
    {
        await using var program = Program(isReady: () => false);
        await program.StartAsync();

        await UntilAsync(() => fixture.Client.ListsAsync(Id(program), CancellationToken.None));

        Assert.Empty(await FoundAsync());
    }

    [Fact]
    public async Task An_agent_that_forgot_is_told_again()
    {
        await using var program = Program();
        await program.StartAsync();
        await UntilFoundAsync(Port(program));

        await fixture.Client.DeregisterAsync(Id(program), CancellationToken.None);

        await UntilFoundAsync(Port(program));
    }

    [Fact]
    public async Task Maintenance_hides_a_program_that_stays_listed()
    {
        await using var program = Program();
        await program.StartAsync();
        await UntilFoundAsync(Port(program));

        await fixture.Client.SetMaintenanceAsync(Id(program), true, "a test", CancellationToken.None);
        await UntilFoundAsync();
        Assert.True(await fixture.Client.ListsAsync(Id(program), CancellationToken.None));

        await fixture.Client.SetMaintenanceAsync(Id(program), false, "", CancellationToken.None);
        await UntilFoundAsync(Port(program));
    }

    [Fact]
    public async Task Name_id_address_port_and_tags_are_as_configured()
    {
        await using var program = Program(settings: new Dictionary<string, string?>
        {
            ["Registration:ServiceName"] = _service + "-named",
            ["Registration:ServiceId"] = _service + "-1",
            ["Registration:Address"] = "127.0.0.9",
            ["Registration:Port"] = "4321",
            ["Registration:Tags:0"] = "blue",
            ["Registration:HealthUrl"] = "",
        });
        await program.StartAsync();
        await UntilAsync(() => fixture.Client.ListsAsync(_service + "-1", CancellationToken.None));
        using var http = new HttpClient();

        var listed = await http.GetStringAsync(new Uri(fixture.Server.Address, $"/v1/agent/service/{_service}-1"));
        Assert.Contains($"\"Service\":\"{_service}-named\"", listed, StringComparison.Ordinal);
        Assert.Contains("\"Address\":\"127.0.0.9\"", listed, StringComparison.Ordinal);
        Assert.Contains("\"Port\":4321", listed, StringComparison.Ordinal);
        Assert.Contains("\"blue\"", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_goes_on_without_consul_and_says_that_it_is_degraded()
    {
        await using var away = new ConsulServer();
        await using var program = Program(settings: new Dictionary<string, string?>
        {
            ["Consul:Address"] = away.Address.ToString(),
        });

        await program.StartAsync();

        Assert.Equal(HealthStatus.Degraded, (await HealthAsync(program)).Status);
        await away.StartAsync();
        await UntilAsync(async () => (await HealthAsync(program)).Status == HealthStatus.Healthy);
        using var client = ConsulParts.Client(new ConsulOptions { Address = away.Address });
        Assert.Single(await client.HealthyAsync(_service, CancellationToken.None));
        await away.KillAsync();
        await UntilAsync(async () => (await HealthAsync(program)).Status == HealthStatus.Degraded);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(Url(program), "/health/ready"))).StatusCode);

        // The stop takes no longer for it.
        await program.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));
    }

    private static async Task<HealthReportEntry> HealthAsync(WebApplication program)
    {
        var report = await program.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries[ConsulHosting.HealthCheckName];
    }

    private static Uri Url(WebApplication program) => new(
        program.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static int Port(WebApplication program) => Url(program).Port;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
            await Task.Delay(20, patience.Token);
    }

    private string Id(WebApplication program) => $"{_service}-{Dns.GetHostName()}-{Port(program)}";

    private async Task<IReadOnlyList<int>> FoundAsync() =>
        [.. (await fixture.Client.HealthyAsync(_service, CancellationToken.None))
            .Select(instance => instance.Service.Port).Order()];

    private Task UntilFoundAsync(params int[] ports) =>
        UntilAsync(async () => (await FoundAsync()).SequenceEqual(ports.Order()));

    private WebApplication Program(
        Action<IServiceCollection>? before = null,
        Action<IServiceCollection>? after = null,
        Func<bool>? isReady = null,
        Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Consul:Address"] = fixture.Server.Address.ToString(),
            ["Consul:RetryDelayMax"] = "00:00:00.500",
            ["Registration:CheckInterval"] = "00:00:01",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        before?.Invoke(builder.Services);
        builder.Services.AddConsulRegistration(_service);
        after?.Invoke(builder.Services);
        var program = builder.Build();
        program.UseRouting();
        program.MapGet(
            "/health/ready", () => isReady?.Invoke() ?? true ? Results.Ok() : Results.StatusCode(503));
        return program;
    }

    /// <summary>Looks at the world when services are told that the host stops.</summary>
    private sealed class Witness : Stopping
    {
        public Func<Task<(IReadOnlyList<int> Found, HttpStatusCode Answered)>> Look { get; set; } = null!;

        public (IReadOnlyList<int> Found, HttpStatusCode Answered)? Seen { get; private set; }

        public override async Task StoppingAsync(CancellationToken cancellationToken) => Seen = await Look();
    }

    private sealed class SlowStop : Stopping
    {
        public TaskCompletionSource Asked { get; } = new();

        public TaskCompletionSource Finish { get; } = new();

        public override Task StoppingAsync(CancellationToken cancellationToken)
        {
            Asked.SetResult();
            return Finish.Task;
        }
    }

    private abstract class Stopping : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public abstract Task StoppingAsync(CancellationToken cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
