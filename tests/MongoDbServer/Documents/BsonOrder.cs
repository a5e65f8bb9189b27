using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Documents;

/// <summary>
/// The order of BSON values, across types, as bytes: of two values the lesser has the lesser bytes, and equal values
/// (the int32 5, the int64 5 and the double 5.0, say) have the same bytes. Sorting, index keys, uniqueness and
/// comparisons all stand on this one encoding. No encoding is the beginning of another, so that fields can be written
/// one behind the other.
/// </summary>
internal static class BsonOrder
{
    /// <summary>Behind whatever goes on after a key that has been cut off, also where the key is turned over.</summary>
    public static readonly byte[] Beyond = [.. Enumerable.Repeat((byte)0xFF, 12)];

    private const byte End = 0x00;
    private const byte TypeStep = 0x08;

    private enum Rank : byte
    {
        MinKey = 0x10,
        EmptyArray = 0x18,
        Null = 0x20,
        Number = 0x28,
        String = 0x30,
        Document = 0x38,
        Array = 0x40,
        Binary = 0x48,
        ObjectId = 0x50,
        Boolean = 0x58,
        Date = 0x60,
        Timestamp = 0x68,
        Regex = 0x70,
        MaxKey = 0x78,
    }

    public static byte[] Encode(BsonValue? value)
    {
        var into = new ArrayBufferWriter<byte>(32);
        Append(into, value);
        return into.WrittenSpan.ToArray();
    }

    public static int Compare(BsonValue? left, BsonValue? right) =>
        Encode(left).AsSpan().SequenceCompareTo(Encode(right));

    public static bool AreEqual(BsonValue? left, BsonValue? right) =>
        RankOf(left) == RankOf(right) && Compare(left, right) == 0;

    /// <summary>
    /// Whether two values compare at all for $gt and its like: those hold between values of one type only.
    /// </summary>
    public static bool AreOfOneType(BsonValue? left, BsonValue? right) => RankOf(left) == RankOf(right);

    /// <summary>What comes before every value of the type of this one.</summary>
    public static byte[] BeforeType(BsonValue value) => [(byte)RankOf(value)];

    /// <summary>What comes behind every value of the type of this one.</summary>
    public static byte[] BehindType(BsonValue value) => [(byte)((byte)RankOf(value) + TypeStep)];

    /// <summary>What every string that begins so begins with.</summary>
    public static byte[] StringPrefix(string prefix) => Encode(prefix)[..^2];

    /// <summary>What an array without elements is sorted as: before null.</summary>
    public static void AppendEmptyArray(ArrayBufferWriter<byte> into) => Write(into, (byte)Rank.EmptyArray);

    /// <summary>Writes the value, where a field that is missing counts as null.</summary>
    public static void Append(ArrayBufferWriter<byte> into, BsonValue? value)
    {
        var rank = RankOf(value);
        Write(into, (byte)rank);
        AppendBody(into, rank, value);
    }

    private static Rank RankOf(BsonValue? value) => value?.BsonType switch
    {
        null or BsonType.Null => Rank.Null,
        BsonType.Undefined => Rank.EmptyArray,
        BsonType.MinKey => Rank.MinKey,
        BsonType.MaxKey => Rank.MaxKey,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double => Rank.Number,
        BsonType.String or BsonType.Symbol => Rank.String,
        BsonType.Document => Rank.Document,
        BsonType.Array => Rank.Array,
        BsonType.Binary => Rank.Binary,
        BsonType.ObjectId => Rank.ObjectId,
        BsonType.Boolean => Rank.Boolean,
        BsonType.DateTime => Rank.Date,
        BsonType.Timestamp => Rank.Timestamp,
        BsonType.RegularExpression => Rank.Regex,
        var type => throw CommandException.BadValue($"Values of the type {type} are not known to this server."),
    };

    private static void AppendBody(ArrayBufferWriter<byte> into, Rank rank, BsonValue? value)
    {
        switch (rank)
        {
            case Rank.Number:
                AppendNumber(into, value!);
                break;
            case Rank.String:
                AppendText(into, value is BsonSymbol symbol ? symbol.Name : value!.AsString);
                break;
            case Rank.Document:
                AppendDocument(into, value!.AsBsonDocument);
                break;
            case Rank.Array:
                foreach (var element in value!.AsBsonArray)
                    Append(into, element);
                Write(into, End);
                break;
            case Rank.Binary:
                var binary = value!.AsBsonBinaryData;
                AppendBigEndian(into, (uint)binary.Bytes.Length);
                Write(into, (byte)binary.SubType);
                into.Write(binary.Bytes);
                break;
            case Rank.ObjectId:
                into.Write(value!.AsObjectId.ToByteArray());
                break;
            case Rank.Boolean:
                Write(into, value!.AsBoolean ? (byte)1 : (byte)0);
                break;
            case Rank.Date:
                AppendBigEndian(into, Biased(value!.AsBsonDateTime.MillisecondsSinceEpoch));
                break;
            case Rank.Timestamp:
                AppendBigEndian(into, (ulong)value!.AsBsonTimestamp.Value);
                break;
            case Rank.Regex:
                AppendText(into, value!.AsBsonRegularExpression.Pattern);
                AppendText(into, value.AsBsonRegularExpression.Options);
                break;
        }
    }

    /// <summary>Field by field: first by the type of the value, then by the field's name, then by the value.</summary>
    private static void AppendDocument(ArrayBufferWriter<byte> into, BsonDocument document)
    {
        foreach (var element in document)
        {
            var rank = RankOf(element.Value);
            Write(into, (byte)rank);
            AppendText(into, element.Name);
            AppendBody(into, rank, element.Value);
        }

        Write(into, End);
    }

    /// <summary>
    /// As the nearest double, then by how far an int64 beyond 2^53 lies from it, since two of those can share a double.
    /// </summary>
    private static void AppendNumber(ArrayBufferWriter<byte> into, BsonValue value)
    {
        var nearest = value.ToDouble();
        var rest = 0;
        if (value.BsonType == BsonType.Int64)
            rest = (int)(value.AsInt64 - (Int128)nearest);
        if (double.IsNaN(nearest))
        {
            AppendBigEndian(into, 0ul);
            AppendBigEndian(into, (ushort)0);
            return;
        }

        // Zero has two doubles that are equal.
        var bits = nearest == 0 ? 0 : BitConverter.DoubleToInt64Bits(nearest);
        AppendBigEndian(into, bits < 0 ? ~(ulong)bits : Biased(bits));
        AppendBigEndian(into, (ushort)(rest + 0x8000));
    }

    /// <summary>Ends with 00 01; a NUL inside is written 00 FF, so that what goes on comes behind what ends.</summary>
    private static void AppendText(ArrayBufferWriter<byte> into, string text)
    {
        var span = into.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        var count = Encoding.UTF8.GetBytes(text, span);
        if (span[..count].Contains((byte)0))
        {
            var bytes = span[..count].ToArray();
            foreach (var b in bytes)
            {
                Write(into, b);
                if (b == 0)
                    Write(into, 0xFF);
            }
        }
        else
        {
            into.Advance(count);
        }

        Write(into, End);
        Write(into, 1);
    }

    private static ulong Biased(long value) => (ulong)value ^ 0x8000_0000_0000_0000;

    private static void Write(ArrayBufferWriter<byte> into, byte value)
    {
        into.GetSpan(1)[0] = value;
        into.Advance(1);
    }

    private static void AppendBigEndian(ArrayBufferWriter<byte> into, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into.GetSpan(sizeof(ulong)), value);
        into.Advance(sizeof(ulong));
    }

    private static void AppendBigEndian(ArrayBufferWriter<byte> into, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(into.GetSpan(sizeof(uint)), value);
        into.Advance(sizeof(uint));
    }

    private static void AppendBigEndian(ArrayBufferWriter<byte> into, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into.GetSpan(sizeof(ushort)), value);
        into.Advance(sizeof(ushort));
    }
}
