using System.Buffers;
using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// Objects as files. A file is written beside the others under a temporary name, flushed, then renamed: readers see all
/// of it or nothing, and so does whoever starts after a power loss.
/// </summary>
internal sealed partial class FolderObjectStore : IObjectStore
{
    private const int CopyBytes = 128 * 1024;

    // No key holds an upper-case letter, so that no object ever lies here.
    private const string IncomingName = "INCOMING";

    // Uploads are read once, minutes after they came at the latest; an older one was interrupted.
    private static readonly TimeSpan UploadsKeptFor = TimeSpan.FromDays(1);

    private readonly Lock _renaming = new();
    private readonly string _root;
    private readonly string _incoming;
    private readonly TimeProvider _time;
    private readonly ILogger<FolderObjectStore> _logger;

    public FolderObjectStore(
        IOptions<FolderObjectStoreOptions> options, TimeProvider time, ILogger<FolderObjectStore> logger)
    {
        _root = Path.GetFullPath(options.Value.Folder);
        _incoming = Path.Combine(_root, IncomingName);
        _time = time;
        _logger = logger;
    }

    /// <summary>
    /// Makes the folder, checks that it can be written, and removes what interrupted writes and uploads left. What
    /// another process is writing at this moment stays.
    /// </summary>
    /// <exception cref="ObjectStoreUnavailableException">The folder cannot be made or written.</exception>
    public void Prepare() => Guarded(() =>
    {
        Directory.CreateDirectory(_incoming);
        File.Create(NewIncomingFile(), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        foreach (var file in Directory.EnumerateFiles(_incoming))
            Sweep(file);
        SweepUploads();
        return true;
    });

    public async Task<long> PutAsync(
        string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (Guarded(() => Existing(path)) is { } existing)
            return existing.Length;

        var incoming = NewIncomingFile();
        try
        {
            // The handle stays open until after the rename: its lock tells Prepare of other processes to leave the
            // file.
            await using var file = Guarded(() => CreateIncoming(incoming));
            await CopyAsync(content, file, cancellationToken).ConfigureAwait(false);

            // Waiting for the disk blocks, and the caller's scheduler may be a grain's.
            return await Task.Run(() => Guarded(() => Publish(file, incoming, path)), CancellationToken.None)
                .ConfigureAwait(false);
        }
        finally
        {
            DeleteQuietly(incoming);
        }
    }

    public Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var file = Guarded(() => Existing(path));
        return Task.FromResult(
            file is null ? null : new ObjectInfo(file.Length, path, new DateTimeOffset(file.LastWriteTimeUtc)));
    }

    public Task<Stream> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length), length, "A length is zero or more.");
        var path = PathOf(key);
        var file = Guarded(() => OpenExisting(path))
            ?? throw new FileNotFoundException($"No object is stored as {key}.");
        file.Position = offset;
        return Task.FromResult<Stream>(length is { } bound ? new BoundedReadStream(file, bound) : file);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        Guarded(() =>
        {
            if (Existing(path) is not { } file)
                return false;
            file.Delete();
            DurableFolder.Flush(file.DirectoryName!);
            return true;
        });
        return Task.CompletedTask;
    }

    private string PathOf(string key) => Path.Combine(_root, ObjectKeys.PathOf(key));

    private string NewIncomingFile() => Path.Combine(_incoming, Guid.CreateVersion7().ToString("N"));

    private static FileInfo? Existing(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file : null;
    }

    private static FileStream? OpenExisting(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private FileStream CreateIncoming(string path)
    {
        Directory.CreateDirectory(_incoming);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
    }

    /// <summary>
    /// Copies; a failure of the source keeps its own type, since it is the sender's and not the store's.
    /// </summary>
    private static async Task CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
                await WriteAsync(file, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        try
        {
            await file.WriteAsync(bytes, stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>Gives a finished file its name, unless another writer was faster; then the other's stays.</summary>
    private long Publish(FileStream file, string incoming, string path)
    {
        file.Flush(flushToDisk: true);
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(_root, folder);
        try
        {
            // Of two at once, the runtime's own look before the rename lets both through, and the second replaces what
            // the first was told is stored. Other processes can still do that; what they bring is named by its bytes.
            lock (_renaming)
                File.Move(incoming, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            return new FileInfo(path).Length;
        }

        DurableFolder.Flush(folder);
        return file.Length;
    }

    private void SweepUploads()
    {
        var uploads = Path.Combine(_root, ObjectKeys.FolderOf("uploads"));
        if (!Directory.Exists(uploads))
            return;
        var oldest = _time.GetUtcNow() - UploadsKeptFor;
        foreach (var file in Directory.EnumerateFiles(uploads, "*", SearchOption.AllDirectories))
        {
            if (File.GetLastWriteTimeUtc(file) < oldest.UtcDateTime)
                Sweep(file);
        }
    }

    private void Sweep(string file)
    {
        try
        {
            // Opening for oneself alone fails while another process still writes the file.
            using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                File.Delete(file);
            LogSwept(file);
        }
        catch (IOException failure)
        {
            LogNotSwept(failure, file);
        }
    }

    private void DeleteQuietly(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotSwept(failure, file);
        }
    }

    private static T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(failure);
        }
    }

    private static ObjectStoreUnavailableException Unavailable(Exception failure) =>
        new($"The folder of objects is not usable now: {failure.Message}", failure);
}
