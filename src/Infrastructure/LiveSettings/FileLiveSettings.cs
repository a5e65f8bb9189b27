using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>
/// Live settings in a JSON file, looked at again and again. It may be replaced or written over; what is only half
/// written when it is looked at is no JSON, and is refused until it is whole.
/// </summary>
internal sealed class FileLiveSettings(IOptions<FileLiveSettingsOptions> options, TimeProvider time)
    : ILiveSettingsStore
{
    private byte[] _bytes = [];

    public string Place { get; } = Path.GetFullPath(options.Value.Path);

    public async Task<LiveSettingsReading> ReadAsync(
        LiveSettingsReading? last, CancellationToken cancellationToken)
    {
        if (last is not null)
            await Task.Delay(options.Value.Interval, time, cancellationToken);
        var bytes = await ReadFileAsync(cancellationToken);
        if (last is not null && bytes.AsSpan().SequenceEqual(_bytes))
            return last;
        _bytes = bytes;
        var text = new LiveSettingsText();
        if (bytes.Length > 0)
            text.AddJson("", bytes, $"The file {Place}");
        return text.Read(0);
    }

    private async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One byte more than may be, so that too much shows.
            await using var file = new FileStream(
                Place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Math.Min(file.Length, LiveSettingsText.BytesMax + 1)];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return bytes[..length];
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            throw new LiveSettingsAwayException(away.Message, away);
        }
    }
}
