using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// One connection to the broker that is opened again, with growing pauses, whenever it is lost. The client's own
/// recovery is off: after it channels count their deliveries anew under the same object, and an acknowledgement could
/// meet the wrong message. Here a channel belongs to one connection and ends with it.
/// </summary>
internal sealed partial class RabbitMqConnection : IAsyncDisposable
{
    private readonly RabbitMqOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _purpose;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource<IConnection> _opened = NewOpened();
    private Task? _running;
    private bool _isEnded;
    private volatile string? _problem;

    /// <param name="purpose">What it is for: the broker shows it, and the metrics do.</param>
    /// <param name="options">Where the broker is.</param>
    /// <param name="clock">Times the pauses.</param>
    /// <param name="logger">Told of each change once.</param>
    public RabbitMqConnection(
        string purpose, IOptions<RabbitMqOptions> options, TimeProvider clock, ILogger<RabbitMqConnection> logger)
    {
        _purpose = purpose;
        _options = options.Value;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Why it is not open, after an attempt at least; null while it is, or before the first one.</summary>
    public string? Problem => _problem;

    /// <summary>Begins to connect, unless that was done already. It returns at once.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (!_isEnded)
                _running ??= Task.Run(() => RunAsync(_stopping.Token));
        }
    }

    /// <summary>The open connection, as soon as there is one.</summary>
    public Task<IConnection> OpenedAsync(CancellationToken cancellationToken)
    {
        Start();
        lock (_lock)
            return _opened.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_lock)
        {
            if (_isEnded)
                return;
            _isEnded = true;
            running = _running;
            _opened.TrySetException(new ObjectDisposedException(nameof(RabbitMqConnection)));
            _ = _opened.Task.Exception;
        }

        await _stopping.CancelAsync();
        if (running is not null)
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static TaskCompletionSource<IConnection> NewOpened() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync(CancellationToken stopping)
    {
        var pause = _options.ReconnectDelayMin;
        while (!stopping.IsCancellationRequested)
        {
            if (await TryOpenAsync(stopping) is { } connection)
            {
                pause = _options.ReconnectDelayMin;
                await UseAsync(connection, stopping);
            }

            // Half of it by chance, so that all silos do not come back in the same moment.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _clock, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < _options.ReconnectDelayMax ? pause * 2 : _options.ReconnectDelayMax;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, the next attempt comes after a pause.")]
    private async Task<IConnection?> TryOpenAsync(CancellationToken stopping)
    {
        try
        {
            var factory = Factory();
            var name = $"{_purpose} {Environment.MachineName} {Environment.ProcessId}";
            return _options.Uri is null
                ? await factory.CreateConnectionAsync(Endpoints(factory), name, stopping)
                : await factory.CreateConnectionAsync(name, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Away(Describe(e));
            return null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async Task UseAsync(IConnection connection, CancellationToken stopping)
    {
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, reason) =>
        {
            closed.TrySetResult(reason.ReplyText);
            return Task.CompletedTask;
        };
        if (!connection.IsOpen)
            closed.TrySetResult("It was closed at once.");
        Opened(connection);
        string? why = null;
        try
        {
            why = await closed.Task.WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            // The host stops: closing it hands back at once what was not acknowledged.
        }

        lock (_lock)
        {
            if (!_isEnded)
                _opened = NewOpened();
        }

        RabbitMqMetrics.Connected.WithLabels(_purpose).Set(0);
        if (why is not null)
            Away(why);
        await CloseAsync(connection);
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is gone either way.")]
    private async Task CloseAsync(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(200, "closed", _options.ConnectTimeout);
            await connection.DisposeAsync();
        }
        catch (Exception e)
        {
            LogNotClosed(_purpose, e);
        }
    }

    private void Opened(IConnection connection)
    {
        _problem = null;
        RabbitMqMetrics.Connected.WithLabels(_purpose).Set(1);
        LogOpened(_purpose, connection.Endpoint.HostName, connection.Endpoint.Port);
        lock (_lock)
            _opened.TrySetResult(connection);
    }

    private void Away(string problem)
    {
        RabbitMqMetrics.Connected.WithLabels(_purpose).Set(0);
        if (_problem == problem)
            return;
        _problem = problem;
        LogAway(_purpose, problem);
    }

    /// <summary>The innermost reason: the outer ones say only that no broker could be reached.</summary>
    private static string Describe(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e is OperationCanceledException ? "It did not answer in time." : e.Message;
    }

    private ConnectionFactory Factory()
    {
        var factory = new ConnectionFactory
        {
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = _options.Heartbeat,
            RequestedConnectionTimeout = _options.ConnectTimeout,
            SocketReadTimeout = _options.ConnectTimeout,
            SocketWriteTimeout = _options.ConnectTimeout,
            HandshakeContinuationTimeout = _options.ConnectTimeout,
            ContinuationTimeout = _options.ConnectTimeout,
            UserName = _options.UserName,
            Password = _options.Password,
            VirtualHost = _options.VirtualHost,
        };
        if (_options.Uri is { } uri)
            factory.Uri = new Uri(uri);
        factory.Ssl.Enabled |= _options.UseTls;
        if (_options.TlsServerName is { } name)
            factory.Ssl.ServerName = name;
        if (_options.TlsAuthorityFile is { } file)
        {
            factory.Ssl.CertificateValidationCallback =
                (_, certificate, _, errors) => IsTrusted(certificate, errors, file);
        }

        return factory;
    }

    private IEnumerable<AmqpTcpEndpoint> Endpoints(ConnectionFactory factory)
    {
        foreach (var (host, port) in _options.EndpointList.Select(RabbitMqOptions.Parse))
        {
            var tls = new SslOption(factory.Ssl.ServerName is { Length: > 0 } name ? name : host)
            {
                Enabled = factory.Ssl.Enabled,
                CertificateValidationCallback = factory.Ssl.CertificateValidationCallback,
            };
            yield return new AmqpTcpEndpoint(host, port ?? AmqpTcpEndpoint.UseDefaultPort, tls);
        }
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, string authorityFile)
    {
        const SslPolicyErrors unknownAuthority = SslPolicyErrors.RemoteCertificateChainErrors;
        if (certificate is not X509Certificate2 own || (errors | unknownAuthority) != unknownAuthority)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return chain.Build(own);
    }
}
