using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IndiiMusic.Api.Tests.Compression;

public sealed class CompressionTests(CompressionTests.Server server) : IClassFixture<CompressionTests.Server>
{
    public sealed class Server : StandaloneServer
    {
        protected override void Map(WebApplication app)
        {
            var api = app.MapApiGroup().AdmitsAnybody();
            api.MapGet("/test/bytes", (string type, int length) => Results.Bytes(new byte[length], type));
        }
    }

    [Theory]
    [InlineData("br", "application/json", 20_000, "br")]
    [InlineData("gzip", "application/json", 20_000, "gzip")]
    [InlineData("br", "application/json", 200, null)]
    [InlineData("br", "audio/flac", 20_000, null)]
    [InlineData("br", "image/jpeg", 20_000, null)]
    [InlineData("identity", "application/json", 20_000, null)]
    public async Task Only_large_text_is_compressed(string accepted, string type, int length, string? encoding)
    {
        using var client = server.CreateClient();
        var request = new HttpRequestMessage(
            HttpMethod.Get, $"/api/v1/test/bytes?type={Uri.EscapeDataString(type)}&length={length}");
        request.Headers.Add("Accept-Encoding", accepted);

        using var answer = await client.SendAsync(request);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
    }
}
