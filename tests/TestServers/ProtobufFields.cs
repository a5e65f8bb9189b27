using System.Globalization;
using System.Text;

namespace IndiiMusic.TestServers;

/// <summary>The fields of one protobuf message, by their numbers: what a reader without its schema can tell.</summary>
internal sealed class ProtobufFields
{
    private readonly List<(int Field, byte[] Bytes, ulong Number)> _fields = [];

    public static ProtobufFields Of(byte[] message)
    {
        var fields = new ProtobufFields();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var (number, bytes) = (0UL, Array.Empty<byte>());
            switch (tag & 7)
            {
                case 0:
                    number = Varint(message, ref at);
                    break;
                case 1:
                    number = BitConverter.ToUInt64(message, at);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    bytes = message[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    number = BitConverter.ToUInt32(message, at);
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} is unknown.");
            }

            fields._fields.Add(((int)(tag >> 3), bytes, number));
        }

        return fields;
    }

    public IEnumerable<byte[]> All(int field) =>
        _fields.Where(each => each.Field == field).Select(each => each.Bytes);

    public string Text(int field) => Encoding.UTF8.GetString(All(field).FirstOrDefault() ?? []);

    public string Hex(int field) => Convert.ToHexStringLower(All(field).FirstOrDefault() ?? []);

    public ulong Number(int field) => _fields.Find(each => each.Field == field).Number;

    /// <summary>An <c>AnyValue</c>: a string, or a number in whichever field it stands.</summary>
    public string AnyText() => _fields is not [var value, ..] ? ""
        : value.Field == 1 ? Encoding.UTF8.GetString(value.Bytes)
        : value.Number.ToString(CultureInfo.InvariantCulture);

    private static ulong Varint(byte[] message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }
}
