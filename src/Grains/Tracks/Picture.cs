namespace IndiiMusic.Grains.Tracks;

/// <summary>Recognises pictures by their first bytes; what they are called or declared as is not trusted.</summary>
public static class Picture
{
    /// <summary>The media type of a JPEG, PNG, WebP or GIF; null for anything else.</summary>
    public static string? MediaTypeOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "image/jpeg";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]))
            return "image/png";
        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8))
            return "image/webp";
        return bytes.StartsWith("GIF8"u8) ? "image/gif" : null;
    }
}
