using System.Globalization;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.Primitives;

namespace IndiiMusic.Api.Playlists;

/// <summary>
/// ETags of playlists. Each is strong and changes with every byte of its body; it begins with the version of its
/// resource, and If-Match looks at that number alone (docs/adr/0005).
/// </summary>
internal static class Preconditions
{
    /// <summary>
    /// The version that If-Match asks for: <c>"12"</c>, or an ETag that begins so. Null when there is no such header,
    /// or when it is <c>*</c>, as the grain tells whether there is a playlist at all.
    /// </summary>
    /// <exception cref="IndiiException">
    /// <c>version_mismatch</c> for an ETag that can be none of ours; <c>invalid_request</c> for more than one.
    /// </exception>
    public static long? IfMatch(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
            return null;

        var text = header.ToString().AsSpan().Trim();
        if (text is "*")
            return null;
        if (text.Contains(','))
            throw IndiiException.Invalid([new FieldError("If-Match", "takes one ETag.")]);
        return text.Length > 2 && text[0] == '"' && text[^1] == '"' && FindVersion(text[1..^1]) is { } version
            ? version
            : throw new IndiiException(ErrorCode.VersionMismatch, $"If-Match is {header}, which is no ETag of this.");
    }

    /// <summary>Whether the caller has this body already.</summary>
    public static bool IsNotModified(HttpContext context, string etag)
    {
        var header = context.Request.Headers.IfNoneMatch;
        return header.Count != 0 && (header.Count == 1 && header[0] == etag || Lists(header, etag));
    }

    private static bool Lists(StringValues header, string etag)
    {
        foreach (var line in header)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var candidate = line.AsSpan(part).Trim();
                if (candidate is "*")
                    return true;

                // If-None-Match compares weakly (RFC 9110, 13.1.2): a proxy that compressed the body weakens its ETag.
                if (candidate.StartsWith("W/", StringComparison.Ordinal))
                    candidate = candidate[2..];
                if (candidate.SequenceEqual(etag))
                    return true;
            }
        }

        return false;
    }

    private static long? FindVersion(ReadOnlySpan<char> tag)
    {
        var end = tag.IndexOf('-');
        var number = end < 0 ? tag : tag[..end];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }
}
