using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Which keys an object may have, and where it then lies below a folder.</summary>
internal static class ObjectKeys
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-./");

    /// <summary>
    /// Refuses what <see cref="IObjectStore"/> does not name a key, and so every way out of a folder.
    /// </summary>
    /// <exception cref="ArgumentException">It is no key.</exception>
    public static void Check(string key)
    {
        var isKey = key.Length is > 0 and <= ObjectLimits.KeyLengthMax
            && !key.AsSpan().ContainsAnyExcept(Allowed)
            && Array.TrueForAll(key.Split('/'), IsName);
        if (!isKey)
        {
            throw new ArgumentException(
                $"\"{key}\" is no key of an object: names of lower-case letters, digits, '-' and '.', each of 1 to "
                + $"{ObjectLimits.KeyNameLengthMax} characters and not beginning with '.', joined by '/', "
                + $"{ObjectLimits.KeyLengthMax} characters in all.",
                nameof(key));
        }
    }

    /// <summary>
    /// The path of a key: <c>audio/1f3c.flac</c> lies in <c>audio_/5b/e0/1f3c.flac</c>. Two levels by a hash of the
    /// name keep folders small. No key holds <c>_</c>, so that a key which is another key's folder meets no file of
    /// that name.
    /// </summary>
    public static string PathOf(string key)
    {
        Check(key);
        var names = key.Split('/');
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(names[^1]));
        var folders = names[..^1].Select(FolderOf);
        return Path.Combine([.. folders, $"{hash[0]:x2}", $"{hash[1]:x2}", names[^1]]);
    }

    /// <summary>The folder of the keys that begin with a name and <c>/</c>.</summary>
    public static string FolderOf(string name) => name + "_";

    private static bool IsName(string name) =>
        name.Length is > 0 and <= ObjectLimits.KeyNameLengthMax && name[0] != '.';
}
