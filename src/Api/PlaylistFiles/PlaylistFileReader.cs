using System.Text;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Reads playlist files of every supported kind.</summary>
public static class PlaylistFileReader
{
    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The kind that a file's name tells; null for a name of no supported kind.</summary>
    public static PlaylistFileFormat? FormatOf(string fileName) =>
        Path.GetExtension(fileName).ToLowerInvariant() switch
        {
            ".m3u" or ".m3u8" => PlaylistFileFormat.M3u8,
            ".pls" => PlaylistFileFormat.Pls,
            ".xspf" => PlaylistFileFormat.Xspf,
            ".jspf" => PlaylistFileFormat.Jspf,
            _ => null,
        };

    /// <summary>Reads a file.</summary>
    /// <exception cref="IndiiException">
    /// <c>payload_too_large</c>, <c>limit_exceeded</c>, <c>unsupported_media</c> when neither name nor contents tell a
    /// kind, or <c>invalid_request</c> when the contents are not of the kind.
    /// </exception>
    public static async Task<PlaylistFile> ReadAsync(
        Stream content, string fileName, CancellationToken cancellationToken)
    {
        var bytes = await ReadAllAsync(content, cancellationToken);
        var text = Decode(bytes);
        var file = (FormatOf(fileName) ?? Sniff(text)) switch
        {
            PlaylistFileFormat.M3u8 => M3uFormat.Read(text),
            PlaylistFileFormat.Pls => PlsFormat.Read(text),
            PlaylistFileFormat.Xspf => XspfFormat.Read(bytes),
            PlaylistFileFormat.Jspf => JspfFormat.Read(text),
            _ => throw new IndiiException(
                ErrorCode.UnsupportedMedia,
                "The file is no playlist of a supported kind: M3U, M3U8, PLS, XSPF or JSPF."),
        };
        if (file.Entries.Length > PlaylistFileLimits.EntriesMax)
        {
            throw new IndiiException(
                ErrorCode.LimitExceeded,
                $"The file has {file.Entries.Length} entries; at most {PlaylistFileLimits.EntriesMax} may be.");
        }

        return file;
    }

    /// <summary>The lines of a text that comes from any system. Only these two characters end a line.</summary>
    internal static string[] Lines(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');

    private static async Task<byte[]> ReadAllAsync(Stream content, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var buffer = new byte[81_920];
        while (await content.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (all.Length + count > PlaylistFileLimits.BytesMax)
            {
                throw new IndiiException(
                    ErrorCode.PayloadTooLarge,
                    $"A playlist file may have {PlaylistFileLimits.BytesMax} bytes at most.");
            }

            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    // Files of type M3U were once written in each machine's own code page. What is not UTF-8 is taken for Latin-1, in
    // which every byte means something.
    private static string Decode(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        try
        {
            return StrictUtf8.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static PlaylistFileFormat? Sniff(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.StartsWith("#EXTM3U", StringComparison.OrdinalIgnoreCase))
            return PlaylistFileFormat.M3u8;
        if (start.StartsWith("[playlist]", StringComparison.OrdinalIgnoreCase))
            return PlaylistFileFormat.Pls;
        if (start.StartsWith("<"))
            return PlaylistFileFormat.Xspf;
        return start.StartsWith("{") ? PlaylistFileFormat.Jspf : null;
    }
}
