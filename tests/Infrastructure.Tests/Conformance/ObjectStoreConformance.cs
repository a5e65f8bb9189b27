using System.Text;
using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>What every object store does, whatever is behind it. Each test makes its own keys.</summary>
public abstract class ObjectStoreConformance(IObjectStore store)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128 * 1024)]
    [InlineData(3_000_001)]
    public async Task What_was_put_is_read(int length)
    {
        var key = NewKey();
        var content = new byte[length];
        new Random(7).NextBytes(content);

        Assert.Equal(length, await store.PutAsync(key, new TricklingStream(content), "audio/flac", default));

        Assert.Equal(length, (await store.FindAsync(key, default))!.LengthBytes);
        Assert.Equal(content, await ReadAsync(key, 0, null));
    }

    [Fact]
    public async Task What_nobody_put_is_not_found()
    {
        var key = NewKey();

        Assert.Null(await store.FindAsync(key, default));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenAsync(key, 0, null, default));
        await store.DeleteAsync(key, default);
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(3, null, "3456789")]
    [InlineData(3, 4L, "3456")]
    [InlineData(8, 100L, "89")]
    [InlineData(0, 0L, "")]
    [InlineData(10, null, "")]
    [InlineData(99, 5L, "")]
    public async Task A_range_is_read(long offset, long? length, string expected)
    {
        var key = NewKey();
        await PutAsync(key, "0123456789");

        Assert.Equal(expected, Encoding.ASCII.GetString(await ReadAsync(key, offset, length)));
    }

    [Fact]
    public async Task A_range_that_begins_or_ends_before_the_object_is_refused()
    {
        var key = NewKey();
        await PutAsync(key, "0123456789");

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.OpenAsync(key, -1, null, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.OpenAsync(key, 0, -1, default));
    }

    [Fact]
    public async Task An_object_that_is_there_stays()
    {
        var key = NewKey();
        await PutAsync(key, "first");

        Assert.Equal(5, await PutAsync(key, "second one"));

        Assert.Equal("first", Encoding.ASCII.GetString(await ReadAsync(key, 0, null)));
    }

    [Fact]
    public async Task Of_many_who_put_the_same_key_one_wins_whole()
    {
        var key = NewKey();
        var contents = Enumerable.Range(0, 12).Select(i => new string((char)('a' + i), 100_000 + i)).ToList();

        var lengths = await Task.WhenAll(contents.Select(content => Task.Run(() => PutAsync(key, content))));

        var stored = Encoding.ASCII.GetString(await ReadAsync(key, 0, null));
        Assert.Contains(stored, contents);
        Assert.All(lengths, length => Assert.Equal(stored.Length, length));
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_can_be_put_again()
    {
        var key = NewKey();
        await PutAsync(key, "first");

        await store.DeleteAsync(key, default);
        Assert.Null(await store.FindAsync(key, default));

        await PutAsync(key, "second");
        Assert.Equal("second", Encoding.ASCII.GetString(await ReadAsync(key, 0, null)));
    }

    [Fact]
    public async Task A_source_that_fails_leaves_nothing_and_fails_as_itself()
    {
        var key = NewKey();
        var source = new TricklingStream(new byte[500_000]) { FailsAt = 300_000 };

        await Assert.ThrowsAsync<EndOfStreamException>(() => store.PutAsync(key, source, "audio/flac", default));

        Assert.Null(await store.FindAsync(key, default));
        Assert.Equal(5, await PutAsync(key, "again"));
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing()
    {
        var key = NewKey();
        using var cancelled = new CancellationTokenSource();
        var source = new TricklingStream(new byte[500_000])
        {
            Reading = position =>
            {
                if (position > 100_000)
                    cancelled.Cancel();
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.PutAsync(key, source, "audio/flac", cancelled.Token));

        Assert.Null(await store.FindAsync(key, default));
    }

    [Fact]
    public async Task A_key_may_be_the_beginning_of_another()
    {
        var key = NewKey();
        await PutAsync(key, "one");
        await PutAsync(key + "/two", "two");
        await PutAsync(key + "/two/three", "three");
        await PutAsync(key + ".flac", "flac");

        Assert.Equal("one", Encoding.ASCII.GetString(await ReadAsync(key, 0, null)));
        Assert.Equal("two", Encoding.ASCII.GetString(await ReadAsync(key + "/two", 0, null)));
        Assert.Equal("three", Encoding.ASCII.GetString(await ReadAsync(key + "/two/three", 0, null)));
        Assert.Equal("flac", Encoding.ASCII.GetString(await ReadAsync(key + ".flac", 0, null)));
    }

    [Fact]
    public async Task The_longest_key_is_taken()
    {
        var key = $"{NewKey()}/{new string('n', ObjectLimits.KeyNameLengthMax)}/";
        key += new string('z', Math.Min(ObjectLimits.KeyNameLengthMax, ObjectLimits.KeyLengthMax - key.Length));
        await PutAsync(key, "long");

        Assert.Equal("long", Encoding.ASCII.GetString(await ReadAsync(key, 0, null)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".hidden")]
    [InlineData("a/.hidden")]
    [InlineData("a\\b")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a_b")]
    [InlineData("a\0")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public async Task What_is_no_key_is_refused(string key)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(key, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => store.FindAsync(key, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(key, 0, null, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(key, default));
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => PutAsync(new string('a', ObjectLimits.KeyNameLengthMax + 1), "x"));
        await Assert.ThrowsAsync<ArgumentException>(
            () => PutAsync(string.Join('/', Enumerable.Repeat("abc", ObjectLimits.KeyLengthMax / 4 + 1)), "x"));
    }

    private static string NewKey() => $"test/{Guid.CreateVersion7():N}";

    private Task<long> PutAsync(string key, string content) =>
        store.PutAsync(key, new MemoryStream(Encoding.ASCII.GetBytes(content)), "text/plain", default);

    private async Task<byte[]> ReadAsync(string key, long offset, long? length)
    {
        await using var stream = await store.OpenAsync(key, offset, length, default);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return memory.ToArray();
    }
}

/// <summary>Bytes that come a few at a time, as from a network, and can fail on the way.</summary>
internal sealed class TricklingStream(byte[] content) : MemoryStream(content)
{
    private const int BytesPerRead = 50_000;

    /// <summary>The position at which reading fails; null for never.</summary>
    public long? FailsAt { get; init; }

    /// <summary>Is told the position at each read.</summary>
    public Action<long>? Reading { get; init; }

    public override bool CanSeek => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Reading?.Invoke(Position);
        if (Position >= FailsAt)
            throw new EndOfStreamException("The sender went away.");
        return base.ReadAsync(buffer[..Math.Min(buffer.Length, BytesPerRead)], cancellationToken);
    }
}
