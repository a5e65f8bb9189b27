using System.Text;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.ObjectStorage;

public sealed class FolderObjectStoreConformanceTests(ObjectFolder folder)
    : ObjectStoreConformance(folder.Store), IClassFixture<ObjectFolder>;

/// <summary>A folder of objects that is deleted at the end.</summary>
public sealed class ObjectFolder : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("indiimusic-objects-").FullName;

    public string Path => System.IO.Path.Combine(_parent, "objects");

    public IObjectStore Store => Open(Path);

    internal static FolderObjectStore Open(string path)
    {
        var options = Options.Create(new FolderObjectStoreOptions { Folder = path });
        return new FolderObjectStore(options, TimeProvider.System, NullLogger<FolderObjectStore>.Instance);
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}

/// <summary>
/// What a folder promises over and above the port: where files lie, and what a bad disk leaves behind.
/// </summary>
public sealed class FolderObjectStoreTests : IDisposable
{
    private readonly ObjectFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_object_is_a_file_two_folders_down_and_says_where()
    {
        var store = ObjectFolder.Open(_folder.Path);
        await store.PutAsync("audio/1f3c.flac", new MemoryStream([1, 2, 3]), "audio/flac", default);

        var found = await store.FindAsync("audio/1f3c.flac", default);

        Assert.Matches(
            "^audio_/[0-9a-f]{2}/[0-9a-f]{2}/1f3c.flac$", Path.GetRelativePath(_folder.Path, found!.LocalPath!));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(found.LocalPath!));
        Assert.Single(Files());
    }

    [Fact]
    public async Task A_put_that_fails_leaves_no_file()
    {
        var store = ObjectFolder.Open(_folder.Path);
        var source = new TricklingStream(new byte[500_000]) { FailsAt = 300_000 };

        await Assert.ThrowsAsync<EndOfStreamException>(() => store.PutAsync("a", source, "audio/flac", default));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task Preparing_sweeps_what_an_interrupted_put_left_but_not_what_is_being_written()
    {
        var store = ObjectFolder.Open(_folder.Path);
        store.Prepare();
        var left = Path.Combine(_folder.Path, "INCOMING", "0123");
        await File.WriteAllTextAsync(left, "half");
        var during = 0;
        var source = new TricklingStream(new byte[200_000])
        {
            Reading = position =>
            {
                if (position != 100_000)
                    return;
                ObjectFolder.Open(_folder.Path).Prepare();
                during = Files().Count;
            },
        };

        await store.PutAsync("a", source, "audio/flac", default);

        Assert.False(File.Exists(left));
        Assert.Equal(1, during);
        Assert.Equal(200_000, (await store.FindAsync("a", default))!.LengthBytes);
        Assert.Single(Files());
    }

    [Fact]
    public async Task Preparing_removes_uploads_that_are_a_day_old_and_nothing_else()
    {
        var store = ObjectFolder.Open(_folder.Path);
        foreach (var key in new[] { "uploads/old", "uploads/new", "audio/old" })
        {
            await store.PutAsync(key, new MemoryStream([1]), "audio/flac", default);
            if (key.EndsWith("old", StringComparison.Ordinal))
            {
                var path = (await store.FindAsync(key, default))!.LocalPath!;
                File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25));
            }
        }

        ObjectFolder.Open(_folder.Path).Prepare();

        Assert.Null(await store.FindAsync("uploads/old", default));
        Assert.NotNull(await store.FindAsync("uploads/new", default));
        Assert.NotNull(await store.FindAsync("audio/old", default));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_an_outage()
    {
        var store = ObjectFolder.Open("/proc/indiimusic");

        var failure = Assert.Throws<ObjectStoreUnavailableException>(store.Prepare);
        Assert.Contains("/proc/indiimusic", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(
            () => store.PutAsync("a", new MemoryStream([1]), "audio/flac", default));
    }

    [TinyDiskFact]
    public async Task A_full_disk_is_an_outage_that_leaves_nothing_and_passes()
    {
        using var disk = TinyDisk.Mount(megabytes: 2)!;
        var store = ObjectFolder.Open(disk.Path);
        await store.PutAsync("small", new MemoryStream(Encoding.ASCII.GetBytes("kept")), "audio/flac", default);

        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(
            () => store.PutAsync("large", new TricklingStream(new byte[5_000_000]), "audio/flac", default));

        Assert.Null(await store.FindAsync("large", default));
        Assert.Equal(4, (await store.FindAsync("small", default))!.LengthBytes);
        var fitting = new MemoryStream(new byte[1_500_000]);
        Assert.Equal(fitting.Length, await store.PutAsync("fits", fitting, "audio/flac", default));
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)];
}
