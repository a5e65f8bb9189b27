using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Health;

[Collection(StandaloneCollection.Name)]
public sealed class HealthTests(StandaloneServer server)
{
    [Fact]
    public async Task A_started_server_is_live()
    {
        using var client = server.CreateClient();

        using var answer = await client.GetAsync("/health/live");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("sqlite")]
    public async Task A_started_server_is_ready_and_so_is_all_that_it_needs(string dependency)
    {
        using var client = server.CreateClient();

        using var document = JsonDocument.Parse(await client.GetStringAsync("/health/ready"));

        Assert.Equal("healthy", document.RootElement.GetProperty("status").GetString());
        var dependencies = document.RootElement.GetProperty("dependencies");
        Assert.Equal("healthy", dependencies.GetProperty(dependency).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Metrics_tell_of_requests_by_route_and_of_the_silo()
    {
        using var client = server.CreateClient();
        using var management = new HttpClient { BaseAddress = new Uri(server.ManagementAddress) };
        using var known = await client.GetAsync("/api/v1/genres");
        using var unknown = await client.GetAsync($"/api/v1/{Guid.CreateVersion7()}");

        var metrics = await management.GetStringAsync("/metrics");

        const string Count = "indiimusic_http_request_duration_seconds_count";
        Assert.Contains(
            $"{Count}{{method=\"GET\",route=\"/api/v1/genres\",status=\"200\"}}", metrics, StringComparison.Ordinal);
        Assert.Contains($"{Count}{{method=\"any\",route=\"none\",status=\"404\"}}", metrics, StringComparison.Ordinal);
        Assert.Contains("orleans", metrics, StringComparison.Ordinal);
        Assert.Contains("process_cpu_seconds_total", metrics, StringComparison.Ordinal);
    }
}
