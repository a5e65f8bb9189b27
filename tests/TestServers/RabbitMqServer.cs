using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.TestServers;

/// <summary>
/// RabbitMQ on loopback, one node, with a name server of Erlang's (epmd) that is its own: the usual one is shared by
/// everything on a machine, and would be left behind. User <c>guest</c>, password <c>guest</c>.
/// </summary>
public sealed class RabbitMqServer : ServerProcess
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly byte[] Greeting = "AMQP\0\0\u0009\u0001"u8.ToArray();

    private readonly int _distributionPort = FreePort.Next();
    private readonly int _namesPort = FreePort.Next();
    private Process? _names;

    /// <summary>Whether this machine has RabbitMQ.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Where it takes AMQP connections; the same after a restart.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>How clients name it.</summary>
    public string Uri => $"amqp://guest:guest@127.0.0.1:{Port}/";

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_names is null)
            return;
        _names.Kill();
        await _names.WaitForExitAsync();
        _names.Dispose();
        _names = null;
    }

    /// <inheritdoc/>
    protected override ProcessStartInfo Command()
    {
        StartNames();
        var start = AsItsUser(Program);
        SetErlang(start);
        start.Environment["HOME"] = Folder;
        start.Environment["RABBITMQ_NODENAME"] = $"n{Port}@localhost";
        start.Environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        start.Environment["RABBITMQ_NODE_PORT"] = $"{Port}";
        start.Environment["RABBITMQ_DIST_PORT"] = $"{_distributionPort}";
        start.Environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(Folder, "data");
        start.Environment["RABBITMQ_LOG_BASE"] = Path.Combine(Folder, "log");
        start.Environment["RABBITMQ_PID_FILE"] = Path.Combine(Folder, "pid");
        start.Environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(Folder, "none.conf");
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Folder, "plugins");
        start.Environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +S 2:2";

        // Without it a shell stays between, and a signal that stops the process stops only the shell.
        start.Environment["RUNNING_UNDER_SYSTEMD"] = "true";
        return start;
    }

    /// <inheritdoc/>
    protected override async Task<bool> AnswersAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
            await client.GetStream().WriteAsync(Greeting, patience.Token);
            var answer = new byte[1];
            return await client.GetStream().ReadAsync(answer, patience.Token) == 1 && answer[0] == 1;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private void StartNames()
    {
        if (_names is { HasExited: false })
            return;
        var start = AsItsUser("/usr/bin/epmd");
        start.ArgumentList.Add("-port");
        start.ArgumentList.Add($"{_namesPort}");
        start.ArgumentList.Add("-address");
        start.ArgumentList.Add("127.0.0.1");
        SetErlang(start);
        _names = Process.Start(start);
    }

    private void SetErlang(ProcessStartInfo start)
    {
        start.Environment["ERL_EPMD_PORT"] = $"{_namesPort}";
        start.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
    }

    /// <summary>It does not run as root. The command takes the place of the one that changes the user.</summary>
    private static ProcessStartInfo AsItsUser(string program)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ProcessStartInfo(program);
        string[] arguments = ["--reuid", "rabbitmq", "--regid", "rabbitmq", "--init-groups", program];
        return new ProcessStartInfo("setpriv", arguments);
    }
}
