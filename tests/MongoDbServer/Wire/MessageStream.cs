using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace IndiiMusic.MongoDbServer.Wire;

/// <summary>
/// The wire protocol on one connection: OP_MSG, and of the legacy messages only the greeting, which drivers still begin
/// with (mongodb/specifications, source/message/OP_MSG.md).
/// </summary>
internal sealed class MessageStream(Stream stream)
{
    private const int HeaderLength = 16;
    private const int MessageLengthMax = 48_000_000 + HeaderLength;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;
    private const uint ExhaustAllowed = 1 << 16;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _lastId;

    /// <summary>The next message; null where the client has hung up.</summary>
    public async Task<Request?> ReadAsync(CancellationToken cancellationToken)
    {
        var count = await stream.ReadAtLeastAsync(
            _header, HeaderLength, throwOnEndOfStream: false, cancellationToken);
        if (count < HeaderLength)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_header);
        var id = BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(4));
        var code = BinaryPrimitives.ReadInt32LittleEndian(_header.AsSpan(12));
        if (length is < HeaderLength or > MessageLengthMax)
            throw new InvalidDataException($"A message of {length} bytes.");
        var body = new byte[length - HeaderLength];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return code switch
        {
            OpMsg => ReadMessage(id, body),
            OpQuery => ReadGreeting(id, body),
            _ => throw new InvalidDataException($"Messages of kind {code} are not known to this server."),
        };
    }

    public async Task WriteAsync(Request request, Reply reply, CancellationToken cancellationToken)
    {
        var document = reply.ToBytes();
        var frame = request.IsLegacy ? LegacyFrame() : [0, 0, 0, 0, 0];
        var message = new byte[HeaderLength + frame.Length + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), ++_lastId);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), request.Id);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), request.IsLegacy ? OpReply : OpMsg);
        frame.CopyTo(message, HeaderLength);
        document.CopyTo(message, HeaderLength + frame.Length);
        await stream.WriteAsync(message, cancellationToken);
    }

    private static byte[] LegacyFrame()
    {
        // Flags (the server can wait for data), no cursor, starting from nothing, one document.
        var frame = new byte[20];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 8);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(16), 1);
        return frame;
    }

    private static Request ReadGreeting(int id, byte[] body)
    {
        var nameEnd = Array.IndexOf(body, (byte)0, 4);
        var name = Encoding.UTF8.GetString(body, 4, nameEnd - 4);
        var document = BsonSerializer.Deserialize<BsonDocument>(body[(nameEnd + 9)..]);
        if (document.GetElement(0).Name == "$query")
            document = document["$query"].AsBsonDocument;
        document["$db"] = name.Split('.')[0];
        return new Request(id, document, []) { IsLegacy = true };
    }

    private static Request ReadMessage(int id, byte[] message)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(message);
        if ((flags & ~(ChecksumPresent | MoreToCome | ExhaustAllowed)) != 0)
            throw new InvalidDataException($"Message flags {flags:x} are not known to this server.");
        var end = message.Length - ((flags & ChecksumPresent) != 0 ? 4 : 0);
        BsonDocument? body = null;
        var sequences = new Dictionary<string, List<byte[]>>(StringComparer.Ordinal);
        var position = 4;
        while (position < end)
        {
            var kind = message[position++];
            var length = BinaryPrimitives.ReadInt32LittleEndian(message.AsSpan(position));
            var section = message.AsSpan(position, length);
            if (kind == 0)
                body = BsonSerializer.Deserialize<BsonDocument>(section.ToArray());
            else if (kind == 1)
                ReadSequence(section[4..], sequences);
            else
                throw new InvalidDataException($"Sections of kind {kind} are not known to this server.");
            position += length;
        }

        return new Request(id, body ?? throw new InvalidDataException("A message without a body."), sequences)
        {
            WantsReply = (flags & MoreToCome) == 0,
        };
    }

    private static void ReadSequence(ReadOnlySpan<byte> section, Dictionary<string, List<byte[]>> into)
    {
        var nameEnd = section.IndexOf((byte)0);
        var documents = new List<byte[]>();
        into[Encoding.UTF8.GetString(section[..nameEnd])] = documents;
        section = section[(nameEnd + 1)..];
        while (!section.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(section);
            documents.Add(section[..length].ToArray());
            section = section[length..];
        }
    }
}
