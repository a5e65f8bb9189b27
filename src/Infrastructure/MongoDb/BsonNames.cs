using System.Buffers;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// JSON's names as field names, which must not begin with <c>$</c> nor hold a zero byte, and on some servers no dot. A
/// leading <c>$</c> becomes <c>__</c>, as in the documents of Orleans.Providers.MongoDB. What would then be mistaken,
/// and dots, are written as in URLs: <c>%2E</c>. All other names, hence nearly all, stay as they are.
/// </summary>
internal static class BsonNames
{
    /// <summary>How many times longer a name can become.</summary>
    public const int GrowthMax = 3;

    private const string Digits = "0123456789ABCDEF";

    private static readonly SearchValues<byte> Special = SearchValues.Create("%.\0"u8);

    /// <summary>Whether the name is its own field name, and a field name its own name.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> name) =>
        !name.StartsWith("$"u8) && !name.StartsWith("__"u8) && name.IndexOfAny(Special) < 0;

    /// <returns>How many bytes it has.</returns>
    public static int Escape(ReadOnlySpan<byte> name, Span<byte> field)
    {
        var length = 0;
        if (name.StartsWith("$"u8))
        {
            "__"u8.CopyTo(field);
            length = 2;
            name = name[1..];
        }
        else if (name.StartsWith("__"u8))
        {
            length = EscapeByte((byte)'_', field);
            name = name[1..];
        }

        foreach (var b in name)
        {
            if (Special.Contains(b))
                length += EscapeByte(b, field[length..]);
            else
                field[length++] = b;
        }

        return length;
    }

    /// <returns>How many bytes it has; never more than the field name.</returns>
    public static int Unescape(ReadOnlySpan<byte> field, Span<byte> name)
    {
        var length = 0;
        if (field.StartsWith("__"u8))
        {
            name[length++] = (byte)'$';
            field = field[2..];
        }

        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == (byte)'%' && i + 2 < field.Length)
            {
                name[length++] = (byte)(DigitOf(field[i + 1]) * 16 + DigitOf(field[i + 2]));
                i += 2;
            }
            else
            {
                name[length++] = field[i];
            }
        }

        return length;
    }

    private static int EscapeByte(byte b, Span<byte> field)
    {
        field[0] = (byte)'%';
        field[1] = (byte)Digits[b >> 4];
        field[2] = (byte)Digits[b & 15];
        return 3;
    }

    private static int DigitOf(byte digit) => Math.Max(0, Digits.IndexOf((char)digit));
}
