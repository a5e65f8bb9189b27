using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// Secrets as text that can be checked offline: a prefix, the bytes in base62, and six characters that follow from both
/// (the first 32 bits of the SHA-256 of everything before them). A double click selects the whole.
/// </summary>
internal static class CheckedSecret
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumBytes = 4;

    /// <summary>The text of a secret.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> bytes)
    {
        var text = prefix + ToBase62(bytes);
        return text + Checksum(text);
    }

    /// <summary>The bytes of a text that is whole; false for any other.</summary>
    public static bool TryDecode(string prefix, string? text, int byteCount, out byte[] bytes)
    {
        bytes = [];
        var checksumLength = LengthOf(ChecksumBytes);
        if (text is null
            || text.Length != prefix.Length + LengthOf(byteCount) + checksumLength
            || !text.StartsWith(prefix, StringComparison.Ordinal)
            || !text.EndsWith(Checksum(text[..^checksumLength]), StringComparison.Ordinal))
        {
            return false;
        }

        return TryFromBase62(text.AsSpan(prefix.Length..^checksumLength), byteCount, out bytes);
    }

    /// <summary>What is kept of a secret: its SHA-256 in base64.</summary>
    public static string Hash(ReadOnlySpan<byte> secret) => Convert.ToBase64String(SHA256.HashData(secret));

    private static string Checksum(string text) =>
        ToBase62(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, ChecksumBytes));

    private static int LengthOf(int byteCount) => (int)Math.Ceiling(byteCount * 8 / Math.Log2(Digits.Length));

    private static string ToBase62(ReadOnlySpan<byte> bytes)
    {
        var text = new char[LengthOf(bytes.Length)];
        var rest = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            rest = BigInteger.DivRem(rest, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }

        return new string(text);
    }

    private static bool TryFromBase62(ReadOnlySpan<char> text, int byteCount, out byte[] bytes)
    {
        bytes = [];
        var number = BigInteger.Zero;
        foreach (var character in text)
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            number = number * Digits.Length + digit;
        }

        var length = number.GetByteCount(isUnsigned: true);
        if (length > byteCount)
            return false;
        bytes = new byte[byteCount];
        return number.TryWriteBytes(bytes.AsSpan(byteCount - length), out _, isUnsigned: true, isBigEndian: true);
    }
}
