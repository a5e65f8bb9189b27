using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Grains.Tracks;

/// <summary>
/// Uploads as files of this machine, which is what probes read. Where the object store lies elsewhere a file is a copy
/// among the machine's temporary files, of which there are <see cref="TrackLimits.UploadCopiesMax"/> at a time: further
/// uploads wait for a place.
/// </summary>
internal sealed class UploadCopies(IObjectStore objects) : IDisposable
{
    private readonly SemaphoreSlim _places = new(TrackLimits.UploadCopiesMax);

    public void Dispose() => _places.Dispose();

    /// <summary>Makes the file. Disposing it removes it.</summary>
    /// <param name="key">The upload.</param>
    /// <param name="fileName">What its sender calls it; the file has that name as far as it is a name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BrokenMediaException">It is too large.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The store does not answer.</exception>
    public async Task<UploadCopy> MakeAsync(string key, string fileName, CancellationToken cancellationToken)
    {
        var found = await objects.FindAsync(key, cancellationToken)
            ?? throw new IndiiException(ErrorCode.StorageUnavailable, "The upload is gone. Send the file again.");
        if (found.LengthBytes > TrackLimits.AudioBytesMax)
            throw new BrokenMediaException($"it is larger than {TrackLimits.AudioBytesMax} bytes");

        if (found.LocalPath is { } localPath)
        {
            var link = new UploadCopy(SafeName(fileName), place: null);
            File.CreateSymbolicLink(link.Path, localPath);
            return link;
        }

        await _places.WaitAsync(cancellationToken);
        var copy = new UploadCopy(SafeName(fileName), _places);
        try
        {
            await CopyAsync(key, copy.Path, cancellationToken);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private async Task CopyAsync(string key, string path, CancellationToken cancellationToken)
    {
        await using var source = await objects.OpenAsync(key, offset: 0, length: null, cancellationToken);
        try
        {
            await using var copy = File.Create(path);
            await source.CopyToAsync(copy, cancellationToken);
        }
        catch (IOException failure)
        {
            throw new IndiiException(
                ErrorCode.StorageUnavailable, "The server has no room to read the upload at the moment.", failure);
        }
    }

    private static string SafeName(string fileName)
    {
        var name = new string([
            .. fileName[(fileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..]
                .Where(character => !char.IsControl(character) && !char.IsSurrogate(character))
                .Take(80),
        ]);
        return name is "" or "." or ".." ? "upload" : name;
    }
}

/// <summary>A file that goes with this object, and its folder.</summary>
internal sealed class UploadCopy : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("indii-upload-");
    private readonly SemaphoreSlim? _place;

    /// <param name="name">The file's name; a probe takes a title from it where there is no tag.</param>
    /// <param name="place">What to give back when the file is gone.</param>
    public UploadCopy(string name, SemaphoreSlim? place)
    {
        _place = place;
        Path = System.IO.Path.Combine(_folder.FullName, name);
    }

    /// <summary>Where the file lies.</summary>
    public string Path { get; }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        finally
        {
            _place?.Release();
        }
    }
}
