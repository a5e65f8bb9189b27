using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Keeps this process listed as a service: from when the host has started until it begins to stop, before anything
/// closes, so that callers who look for the service find only those who answer. A failure never stops the process.
/// </summary>
internal sealed partial class ConsulRegistration(
    ConsulClient consul,
    IOptions<ConsulOptions> consulOptions,
    IOptions<ConsulRegistrationOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ConsulRegistration> logger,
    IServer? server = null) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);

    private readonly ConsulRegistrationOptions _options = options.Value;
    private readonly CancellationTokenSource _stop = new();
    private volatile string? _problem;
    private volatile bool _isListed;
    private Task? _keeping;
    private Task? _leaving;
    private CancellationTokenRegistration _stopping;
    private string? _id;

    /// <summary>Why the agent does not list this process as it should; null when there is nothing to say.</summary>
    public string? Problem => _keeping is null ? null : _problem;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins: all listeners are open now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        ConsulMetrics.Registered.Set(0);
        _problem = "Consul does not list this process yet.";
        _keeping = Task.Run(KeepAsync, CancellationToken.None);
        // Comes before any service is told to stop, of which one may take its time.
        _stopping = lifetime.ApplicationStopping.Register(() => _ = LeaveAsync());
        return Task.CompletedTask;
    }

    /// <summary>Waits until goodbye is said: nothing is closed yet.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => LeaveAsync().WaitAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Dispose();
        _stop.Dispose();
    }

    private Task LeaveAsync()
    {
        lock (_stop)
            return _leaving ??= DeregisterAsync();
    }

    private async Task DeregisterAsync()
    {
        await _stop.CancelAsync();
        if (_keeping is null)
            return;
        await _keeping;
        if (_id is not { } id)
            return;
        try
        {
            await consul.DeregisterAsync(id, CancellationToken.None);
            ConsulMetrics.Registered.Set(0);
            LogDeregistered(id);
        }
        catch (ConsulException failure)
        {
            LogNotDeregistered(id, _options.DeregisterCriticalServiceAfter, failure.Message);
        }
    }

    private async Task KeepAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                await EnsureListedAsync(_stop.Token);
                failures = 0;
                pause = _options.CheckInterval;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                failures++;
                NotListed(failure);
                pause = ConsulBackoff.Delay(failures, FirstDelay, consulOptions.Value.RetryDelayMax);
            }

            await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EnsureListedAsync(CancellationToken cancellationToken)
    {
        if (_isListed && await consul.ListsAsync(_id!, cancellationToken))
            return;
        if (_isListed)
            LogForgotten(_id!);
        var service = await DescribeAsync(cancellationToken);
        _id = service.Id;
        await consul.RegisterAsync(service, cancellationToken);
        _isListed = true;
        _problem = null;
        ConsulMetrics.Registered.Set(1);
        LogRegistered(service.Id, service.Check.Url);
    }

    private void NotListed(Exception failure)
    {
        ConsulMetrics.Registered.Set(0);
        // Whether the agent still lists this process is not known, so that it is asked when it answers again.
        if (_problem is null || !_isListed)
            LogNotRegistered(failure.Message);
        _problem = $"Consul does not list this process now. {failure.Message}";
    }

    private async Task<ConsulService> DescribeAsync(CancellationToken cancellationToken)
    {
        var agentIsHere = await IsLoopbackAsync(consulOptions.Value.Address.Host, cancellationToken);
        var address = _options.Address is { Length: > 0 } given ? given
            : agentIsHere ? null
            : LocalAddressTowards(consulOptions.Value.Address);
        var listening = server?.Features.Get<IServerAddressesFeature>()?.Addresses
            .Where(url => !url.Contains("://unix:", StringComparison.Ordinal))
            .Select(BindingAddress.Parse).FirstOrDefault();
        var port = _options.Port ?? listening?.Port
            ?? throw new ConsulException($"{ConsulRegistrationOptions.Section}:Port is not set, and nothing listens.");
        var scheme = listening?.Scheme ?? Uri.UriSchemeHttp;
        var health = _options.HealthUrl
            ?? new UriBuilder(scheme, address ?? IPAddress.Loopback.ToString(), port, "/health/ready").Uri;
        var name = _options.ServiceName!;
        return new ConsulService(
            _options.ServiceId is { Length: > 0 } id ? id : $"{name}-{Dns.GetHostName()}-{port}",
            name,
            [.. _options.Tags],
            address,
            port,
            new ConsulCheck(
                $"{name} is ready",
                health.ToString(),
                Duration(_options.CheckInterval),
                Duration(_options.CheckTimeout),
                Duration(_options.DeregisterCriticalServiceAfter),
                await IsReadyAsync(health, cancellationToken) ? "passing" : "critical"));
    }

    /// <summary>
    /// Asks what the agent will ask, so that a process that is ready is found from now on and not only after the
    /// agent's first round.
    /// </summary>
    private async Task<bool> IsReadyAsync(Uri health, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = _options.CheckTimeout };
        try
        {
            using var response = await http.GetAsync(health, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<bool> IsLoopbackAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(host.Trim('[', ']'), cancellationToken)).Any(IPAddress.IsLoopback);
        }
        catch (SocketException failure)
        {
            throw new ConsulException($"The host {host} of Consul is not known: {failure.Message}", failure);
        }
    }

    private static string LocalAddressTowards(Uri agent)
    {
        // Connecting a datagram socket sends nothing; it only makes the kernel choose the way.
        using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(agent.Host, agent.Port);
        var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private static string Duration(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}
