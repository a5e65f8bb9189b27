using IndiiMusic.Api.Objects;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Objects;
using Microsoft.AspNetCore.Http;

namespace IndiiMusic.Api.Tests.Objects;

public sealed class ObjectStreamTests
{
    [Theory]
    [InlineData(0, null, 0, 5_000)]
    [InlineData(0, 5_000L, 0, 5_000)]
    [InlineData(1_000, 100L, 1_000, 100)]
    [InlineData(4_990, 100L, 4_990, 10)]
    public async Task Just_what_the_response_will_hold_is_asked_of_the_store_and_once(
        long position, long? contentLength, long offset, long length)
    {
        var store = new RecordingStore(new byte[5_000]);
        var context = new DefaultHttpContext();
        context.Response.ContentLength = contentLength;
        using var stored = new StoredObjects(store);
        await using var stream = new ObjectStream(stored, store, "audio/1", lengthBytes: 5_000, context.Response);

        stream.Seek(position, SeekOrigin.Begin);
        await stream.CopyToAsync(Stream.Null);

        Assert.Equal([(offset, length)], store.Asked);
    }

    [Fact]
    public async Task An_object_that_has_gone_is_the_stores_fault()
    {
        var store = new RecordingStore(content: null);
        using var stored = new StoredObjects(store);
        await using var stream = new ObjectStream(stored, store, "audio/1", 5_000, new DefaultHttpContext().Response);

        var failure = await Assert.ThrowsAsync<IndiiException>(() => stream.CopyToAsync(Stream.Null));

        Assert.Equal(ErrorCode.StorageUnavailable, failure.Code);
    }

    private sealed class RecordingStore(byte[]? content) : IObjectStore
    {
        public List<(long Offset, long? Length)> Asked { get; } = [];

        public Task<Stream> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
        {
            Asked.Add((offset, length));
            return content is null
                ? throw new FileNotFoundException()
                : Task.FromResult<Stream>(new MemoryStream(content, (int)offset, (int)length!.Value));
        }

        public Task<long> PutAsync(
            string key, Stream content, string contentType, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
