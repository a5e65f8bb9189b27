using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.Standalone.Tests.Serve;

public sealed class ServeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indii-serve-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_says_where_it_is_and_stops_cleanly_when_told_to(string signal)
    {
        await using var server = StandaloneProcess.Serve(Data);
        var address = await server.ReadyAsync();
        using var client = new HttpClient();
        using var answer = await client.GetAsync($"{address}/health/ready");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var stopping = Stopwatch.StartNew();
        await server.SignalAsync(signal);

        Assert.Equal(0, await server.ExitAsync());
        Assert.InRange(stopping.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Contains(Data, server.Output, StringComparison.Ordinal);
        Assert.Contains($"{address}/docs", server.Output, StringComparison.Ordinal);
        Assert.Contains("import DIR", server.Output, StringComparison.Ordinal);

        // Orleans warns of a machine that is busy with other things, too.
        Assert.DoesNotContain(server.Errors.Split('\n'), line =>
            line.Contains(" WRN IndiiMusic", StringComparison.Ordinal)
            || line.Contains(" ERR ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_data_is_for_its_user_alone()
    {
        await using var server = StandaloneProcess.Serve(Data);
        await server.ReadyAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, "control.sock")));
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_in_one_line()
    {
        await using var first = StandaloneProcess.Serve(Data);
        var address = await first.ReadyAsync();

        await using var second = StandaloneProcess.Serve(Data);

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains(Data, OnlyLine(second), StringComparison.Ordinal);
        Assert.Contains($"process {first.Id}", second.Errors, StringComparison.Ordinal);
        using var client = new HttpClient();
        Assert.Contains("healthy", await client.GetStringAsync($"{address}/health/ready"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_can_be_opened_again_after_a_kill()
    {
        await using (var first = StandaloneProcess.Serve(Data))
        {
            await first.ReadyAsync();
            await first.SignalAsync("KILL");
            await first.ExitAsync();
        }

        await using var second = StandaloneProcess.Serve(Data);
        await second.ReadyAsync();
    }

    [Theory]
    [InlineData("--url")]
    [InlineData("--management-url")]
    public async Task A_taken_port_is_named_in_one_line(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://{taken.LocalEndpoint}";

        await using var server = StandaloneProcess.Run(["--data", Data, option, address, Other(option), "http://127.0.0.1:0"]);

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(address, OnlyLine(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_in_one_line()
    {
        await using var server = StandaloneProcess.Serve("/proc/nowhere");

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("/proc/nowhere", OnlyLine(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_named_in_one_line()
    {
        await File.WriteAllTextAsync(Data, "");

        await using var server = StandaloneProcess.Serve(Data);

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(Data, OnlyLine(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "serve")]
    [InlineData("--help", "serve")]
    [InlineData("version", "0.")]
    public async Task Words_that_only_tell_something_end_at_once(string word, string part)
    {
        await using var program = StandaloneProcess.Run(word);

        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains(part, program.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serv")]
    [InlineData("--prot", "5080")]
    [InlineData("--set", "nonsense")]
    public async Task Words_that_mean_nothing_are_refused(params string[] words)
    {
        await using var program = StandaloneProcess.Run(words);

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains(words[^1], program.Errors, StringComparison.Ordinal);
    }

    private static string Other(string option) => option == "--url" ? "--management-url" : "--url";

    private static string OnlyLine(StandaloneProcess process)
    {
        var lines = process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains(" INF ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", process.Errors, StringComparison.Ordinal);
        return Assert.Single(lines);
    }
}
