using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Text;

namespace IndiiMusic.TestServers;

/// <summary>
/// An S3 server: Ceph's RADOS gateway in front of one monitor and one storage daemon that keeps everything in memory.
/// Stopping, starting and signals go to the gateway alone, so that S3 goes away and comes back with what it held.
/// Disposing ends all three.
/// </summary>
public sealed class CephServer : ServerProcess
{
    private const string User = "indiimusic";
    private const long MemoryBytes = 4L * 1024 * 1024 * 1024;
    private static readonly TimeSpan CommandPatience = TimeSpan.FromSeconds(60);

    private readonly int _monitorPort = FreePort.Next();
    private readonly int _gatewayPort = FreePort.Next();
    private readonly string _cluster = Guid.CreateVersion7().ToString();
    private readonly List<CephDaemon> _daemons = [];

    private CephServer()
    {
    }

    /// <summary>Where S3 answers.</summary>
    public string Address => $"http://127.0.0.1:{_gatewayPort.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The access key of its only user.</summary>
    public string AccessKey { get; } = "AKIAINDIIMUSICTESTS1";

    /// <summary>The secret that belongs to <see cref="AccessKey"/>.</summary>
    public string SecretKey { get; } = "only-for-tests-on-loopback";

    private string ConfigurationFile => Path.Combine(Folder, "ceph.conf");

    /// <summary>Starts all of it, and returns once S3 answers.</summary>
    public static async Task<CephServer> LaunchAsync()
    {
        var server = new CephServer();
        try
        {
            await server.PrepareAsync();
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await KillAsync();
        foreach (var daemon in _daemons.AsEnumerable().Reverse())
            await daemon.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override ProcessStartInfo Command() =>
        new("radosgw", ["-c", ConfigurationFile, "-n", "client.rgw.a", "-f"]);

    /// <inheritdoc/>
    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            using var answer = await client.GetAsync(new Uri(Address));
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task PrepareAsync()
    {
        foreach (var name in new[] { "mon", "osd", "run", "log", "rgw" })
            Directory.CreateDirectory(Path.Combine(Folder, name));
        await File.WriteAllTextAsync(ConfigurationFile, Configuration());

        var map = Path.Combine(Folder, "monmap");
        var address = $"[v1:127.0.0.1:{_monitorPort.ToString(CultureInfo.InvariantCulture)}]";
        await RunAsync("monmaptool", "--create", "--addv", "a", address, "--fsid", _cluster, map);
        await RunAsync("ceph-mon", "-c", ConfigurationFile, "--mkfs", "-i", "a", "--monmap", map);
        await LaunchAsync("ceph-mon", "a");

        var store = Guid.CreateVersion7().ToString();
        await RunUntilTakenAsync("ceph", "-c", ConfigurationFile, "osd", "new", store, "0");
        await RunAsync("ceph-osd", "-c", ConfigurationFile, "-i", "0", "--mkfs", "--osd-uuid", store);
        await LaunchAsync("ceph-osd", "0");
        var making = RunAsync(
            "radosgw-admin", "-c", ConfigurationFile, "user", "create", "--uid", User, "--display-name", User,
            "--access-key", AccessKey, "--secret-key", SecretKey);
        while (await Task.WhenAny(making, Task.Delay(200)) != making)
        {
            // One that speaks to the monitor before it has the monitor's map is refused, and ends.
            if (_daemons[^1].HasEnded)
                await _daemons[^1].StartAsync();
        }

        await making;
    }

    private async Task LaunchAsync(string program, string id)
    {
        var daemon = new CephDaemon(program, ConfigurationFile, id);
        _daemons.Add(daemon);
        await daemon.StartAsync();
    }

    /// <summary>
    /// One copy of everything, in memory, on loopback. A monitor gathers changes for a second before it agrees on
    /// them, and a new gateway makes its pools one by one, so that without the short interval the start takes 10 s.
    /// </summary>
    private string Configuration() => new StringBuilder()
        .AppendLine("[global]")
        .AppendLine(CultureInfo.InvariantCulture, $"fsid = {_cluster}")
        .AppendLine(CultureInfo.InvariantCulture, $"mon_host = [v1:127.0.0.1:{_monitorPort}]")
        .AppendLine("public_addr = 127.0.0.1")
        .AppendLine("ms_bind_msgr2 = false")
        .AppendLine("auth_cluster_required = none")
        .AppendLine("auth_service_required = none")
        .AppendLine("auth_client_required = none")
        .AppendLine("auth_allow_insecure_global_id_reclaim = true")
        .AppendLine("mon_allow_pool_size_one = true")
        .AppendLine("osd_pool_default_size = 1")
        .AppendLine("osd_pool_default_min_size = 1")
        .AppendLine("osd_pool_default_pg_num = 1")
        .AppendLine("osd_pool_default_pgp_num = 1")
        .AppendLine("osd_pool_default_pg_autoscale_mode = off")
        .AppendLine("osd_crush_chooseleaf_type = 0")
        .AppendLine("paxos_propose_interval = 0.02")
        .AppendLine("paxos_min_wait = 0.01")
        .AppendLine(CultureInfo.InvariantCulture, $"run_dir = {Folder}/run")
        .AppendLine(CultureInfo.InvariantCulture, $"admin_socket = {Folder}/run/$name.$pid.asok")
        .AppendLine(CultureInfo.InvariantCulture, $"log_file = {Folder}/log/$name.log")
        .AppendLine(CultureInfo.InvariantCulture, $"mon_cluster_log_file = {Folder}/log/cluster.log")
        .AppendLine("[mon]")
        .AppendLine(CultureInfo.InvariantCulture, $"mon_data = {Folder}/mon")
        .AppendLine("[osd]")
        .AppendLine(CultureInfo.InvariantCulture, $"osd_data = {Folder}/osd")
        .AppendLine("osd_objectstore = memstore")
        .AppendLine(CultureInfo.InvariantCulture, $"memstore_device_bytes = {MemoryBytes}")
        .AppendLine("[client.rgw.a]")
        .AppendLine(CultureInfo.InvariantCulture, $"rgw_frontends = beast endpoint=127.0.0.1:{_gatewayPort}")
        .AppendLine(CultureInfo.InvariantCulture, $"rgw_data = {Folder}/rgw")
        .AppendLine("rgw_multipart_min_part_size = 65536")
        .AppendLine("rgw_run_sync_thread = false")
        .ToString();

    /// <summary>
    /// Runs a command that may be repeated. A monitor that has just started refuses whoever asks before it knows which
    /// cluster it is of.
    /// </summary>
    private static async Task RunUntilTakenAsync(string program, params string[] arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunAsync(program, arguments);
                return;
            }
            catch (InvalidOperationException) when (attempt < 10)
            {
                await Task.Delay(500);
            }
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(CommandPatience);
        }
        catch (TimeoutException late)
        {
            // Ceph's programs wait for ever for daemons that are not there.
            process.Kill();
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} did not come to an end.", late);
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {await output} {await errors}");
    }

    /// <summary>One of the daemons behind the gateway; who talks to it waits for it by itself.</summary>
    private sealed class CephDaemon(string program, string configurationFile, string id) : ServerProcess
    {
        protected override ProcessStartInfo Command() => new(program, ["-c", configurationFile, "-i", id, "-f"]);

        protected override Task<bool> AnswersAsync() => Task.FromResult(true);
    }
}
