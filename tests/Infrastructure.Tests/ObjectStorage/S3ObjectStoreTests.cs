using System.Net;
using CsCheck;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Tests.Conformance;
using IndiiMusic.TestServers;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

[Collection(S3Collection.Name)]
[Trait("Server", "S3")]
public sealed class S3ObjectStoreConformanceTests(S3Fixture s3) : ObjectStoreConformance(s3.Store);

[Collection(S3Collection.Name)]
[Trait("Server", "S3")]
public sealed class S3ObjectStoreInPartsConformanceTests(S3Fixture s3) : ObjectStoreConformance(s3.InParts);

/// <summary>What S3 promises over and above the port.</summary>
[Collection(S3Collection.Name)]
[Trait("Server", "S3")]
public sealed class S3ObjectStoreTests(S3Fixture s3)
{
    [Fact]
    public async Task Wherever_a_source_fails_nothing_is_left()
    {
        await Gen.Select(Gen.Int[0, 900_000], Gen.Int[0, 900_000], Gen.Bool).SampleAsync(
            async (length, failsAt, isCancelled) =>
            {
                failsAt = Math.Min(failsAt, length);
                using var cancelled = new CancellationTokenSource();
                var source = new TricklingStream(new byte[length])
                {
                    FailsAt = isCancelled ? null : failsAt,
                    Reading = position =>
                    {
                        if (isCancelled && position >= failsAt)
                            cancelled.Cancel();
                    },
                };
                var key = NewKey();

                var failure = await Record.ExceptionAsync(
                    () => s3.InParts.PutAsync(key, source, "audio/flac", cancelled.Token));

                return (isCancelled ? failure is OperationCanceledException : failure is EndOfStreamException)
                    && await s3.InParts.FindAsync(key, default) is null
                    && (await s3.UnfinishedAsync()).Count == 0;
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task An_upload_reads_no_more_than_two_parts_ahead_of_what_S3_has()
    {
        const int Part = 5 * 1024 * 1024;
        await using var proxy = new TcpProxy(new Uri(s3.Server.Address));
        await using var host = await s3.OpenAsync(options =>
        {
            options.ServiceUrl = proxy.Address;
            options.PartSizeBytes = Part;
        });
        var aheadMax = 0L;
        var source = new TricklingStream(new byte[8 * Part])
        {
            Reading = position => aheadMax = Math.Max(aheadMax, position - proxy.BytesToServer),
        };
        var key = NewKey();

        Assert.Equal(8 * Part, await host.Store.PutAsync(key, source, "audio/flac", default));

        Assert.InRange(aheadMax, Part / 2, 2 * Part);
        await s3.Store.DeleteAsync(key, default);
    }

    [Fact]
    public async Task An_object_has_the_media_type_that_it_was_stored_with_and_its_name_the_prefix()
    {
        var key = NewKey();
        await s3.InParts.PutAsync(key, new TricklingStream(new byte[300_000]), "audio/flac", default);

        var stored = await s3.Client.GetObjectMetadataAsync(S3Fixture.Bucket, "in/parts/" + key);

        Assert.Equal("audio/flac", stored.Headers.ContentType);
    }

    [Fact]
    public async Task A_range_is_all_that_is_fetched()
    {
        await using var proxy = new TcpProxy(new Uri(s3.Server.Address));
        await using var host = await s3.OpenAsync(options => options.ServiceUrl = proxy.Address);
        var (key, content) = await PutAsync(3_000_000);
        var before = proxy.BytesToClient;

        Assert.Equal(content[1_000_000..1_010_000], await ReadAsync(host.Store, key, 1_000_000, 10_000));

        Assert.InRange(proxy.BytesToClient - before, 10_000, 12_000);
    }

    [Fact]
    public async Task A_reader_who_leaves_ends_the_transfer()
    {
        await using var proxy = new TcpProxy(new Uri(s3.Server.Address));
        await using var host = await s3.OpenAsync(options => options.ServiceUrl = proxy.Address);
        var (key, _) = await PutAsync(60_000_000);
        var before = proxy.BytesToClient;

        await using (var stream = await host.Store.OpenAsync(key, 0, null, default))
            await stream.ReadExactlyAsync(new byte[1000]);
        await ReadAsync(host.Store, key, 0, 10);

        // What the two sockets on the way hold is under way already.
        Assert.InRange(proxy.BytesToClient - before, 1000, 30_000_000);
        await s3.Store.DeleteAsync(key, default);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_taken_up_again_without_a_gap()
    {
        await using var proxy = new TcpProxy(new Uri(s3.Server.Address));
        await using var host = await s3.OpenAsync(options => options.ServiceUrl = proxy.Address);
        var (key, content) = await PutAsync(3_000_000);

        await Gen.Long[1_000, 900_000].Array[1, 5].SampleAsync(
            async cuts =>
            {
                proxy.CutAfter(cuts);
                var read = await ReadAsync(host.Store, key, 17, 2_900_000);
                proxy.Heal();
                return read.AsSpan().SequenceEqual(content.AsSpan(17, 2_900_000));
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public async Task A_body_that_breaks_off_again_and_again_is_an_outage()
    {
        await using var proxy = new TcpProxy(new Uri(s3.Server.Address));
        await using var host = await s3.OpenAsync(options =>
        {
            options.ServiceUrl = proxy.Address;
            options.ResumesMax = 2;
        });
        var (key, _) = await PutAsync(3_000_000);

        proxy.CutAfter(10_000, 10_000, 10_000);

        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => ReadAsync(host.Store, key, 0, null));
    }

    [Fact]
    public async Task A_body_is_never_taken_up_again_from_another_object()
    {
        await using var proxy = new TcpProxy(new Uri(s3.Server.Address));
        await using var host = await s3.OpenAsync(options => options.ServiceUrl = proxy.Address);
        var (key, _) = await PutAsync(30_000_000);
        proxy.CutAfter(10_000);

        await using var stream = await host.Store.OpenAsync(key, 0, null, default);
        await stream.ReadExactlyAsync(new byte[100]);
        await s3.Store.DeleteAsync(key, default);
        await s3.Store.PutAsync(key, new MemoryStream(new byte[30_000_000]), "audio/flac", default);

        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => stream.CopyToAsync(Stream.Null));
        await s3.Store.DeleteAsync(key, default);
    }

    [Fact]
    public async Task A_signed_address_gives_the_object_and_no_other()
    {
        await using var host = await s3.OpenAsync(options => options.Redirect = S3Redirect.Presigned);
        var (key, content) = await PutAsync(1_000);
        var (other, _) = await PutAsync(1_000);
        using var client = new HttpClient();

        var link = await host.Store.FindLinkAsync(key, "audio/x-test", isForAll: false);
        using var answer = await client.GetAsync(link!.Address);
        using var tampered = await client.GetAsync(
            new Uri(link.Address.AbsoluteUri.Replace(key, other, StringComparison.Ordinal)));
        using var prolonged = await client.GetAsync(new Uri(link.Address.AbsoluteUri.Replace(
            "X-Amz-Expires=", "X-Amz-Expires=9", StringComparison.Ordinal)));
        using var retyped = await client.GetAsync(
            new Uri(link.Address.AbsoluteUri.Replace("x-test", "x-jest", StringComparison.Ordinal)));
        using var bare = await client.GetAsync(new Uri(link.Address.GetLeftPart(UriPartial.Path)));

        Assert.Matches("X-Amz-Expires=(299|300|301)&", link.Address.Query);
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("audio/x-test", answer.Content.Headers.ContentType!.MediaType);
        Assert.All([tampered, prolonged, retyped, bare], refused =>
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode));
    }

    [Fact]
    public async Task A_delivery_network_gets_what_is_for_all_and_nothing_else()
    {
        await using var host = await s3.OpenAsync(options =>
        {
            options.Redirect = S3Redirect.Cdn;
            options.CdnBaseUrl = "https://media.example.org/m/";
            options.KeyPrefix = "music/";
        });

        var forAll = await host.Store.FindLinkAsync("audio/1.flac", "audio/flac", isForAll: true);

        Assert.Equal("https://media.example.org/m/music/audio/1.flac", forAll!.Address.AbsoluteUri);
        Assert.Null(await host.Store.FindLinkAsync("audio/1.flac", "audio/flac", isForAll: false));
        Assert.Null(await s3.Store.FindLinkAsync("audio/1.flac", "audio/flac", isForAll: true));
    }

    private static string NewKey() => $"test/{Guid.CreateVersion7():N}";

    private async Task<(string Key, byte[] Content)> PutAsync(int length)
    {
        var key = NewKey();
        var content = new byte[length];
        new Random(length).NextBytes(content);
        await s3.Store.PutAsync(key, new MemoryStream(content), "audio/flac", default);
        return (key, content);
    }

    private static async Task<byte[]> ReadAsync(IObjectStore store, string key, long offset, long? length)
    {
        await using var stream = await store.OpenAsync(key, offset, length, default);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }
}
