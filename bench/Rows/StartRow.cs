using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Measuring;
using IndiiMusic.Standalone;

namespace IndiiMusic.Bench.Rows;

/// <summary>From starting the built program until it answers the API, with no data yet and with some.</summary>
internal static class StartRow
{
    private const int Starts = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        var fresh = new List<double>();
        var again = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            var folder = settings.Data.Create();
            fresh.Add(await StartAsync(folder));
            again.Add(await StartAsync(folder));
        }

        var median = fresh.Median();
        return
        [
            new ResultLine(
                "Standalone from start to first answer, median",
                $"{median:N2} s with no data yet; {again.Median():N2} s again",
                "",
                median,
                Target.AtMost(3, "s")),
        ];
    }

    private static async Task<double> StartAsync(string folder)
    {
        var port = FreePort();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var start = Stopwatch.GetTimestamp();
        using var process = ServerProcess.Spawn(
            typeof(StandaloneApplication).Assembly.Location,
            "--data", folder,
            "--url", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            "--management-url", "http://127.0.0.1:0");
        try
        {
            while (!await AnswersAsync(client))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
                {
                    throw new InvalidOperationException("Standalone does not start.");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            // This asks a grain and the database, so that more than the web server has to be up.
            using var answer = await client.GetAsync("/api/v1/tracks");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
