using System.Net;
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
}
