using System.Buffers.Binary;
using StackExchange.Redis;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>
/// What gateways tell each other. Numbers stay: gateways of two versions share a channel during an update.
/// </summary>
public enum GatewayMessageKind : byte
{
    /// <summary>A gateway hears itself.</summary>
    Beat = 0,

    /// <summary>A session ended; the id is the session's.</summary>
    SessionEnded = 1,

    /// <summary>What is shown of a track changed; the id is the track's.</summary>
    TrackChanged = 2,
}

/// <summary>
/// A message: a kind, an id, and of a beat the time at which its gateway sent it, by that gateway's clock.
/// </summary>
internal readonly record struct GatewayMessage(GatewayMessageKind Kind, Guid Id, long SentAt = 0)
{
    private const int IdAt = 1;
    private const int SentAtAt = IdAt + 16;
    private const int Bytes = SentAtAt + sizeof(long);

    public RedisValue Encode()
    {
        var bytes = new byte[Bytes];
        bytes[0] = (byte)Kind;
        Id.TryWriteBytes(bytes.AsSpan(IdAt), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(SentAtAt), SentAt);
        return bytes;
    }

    /// <summary>Reads a message; one of a later version may be longer.</summary>
    public static GatewayMessage? Decode(RedisValue value)
    {
        ReadOnlySpan<byte> bytes = (byte[]?)value;
        return bytes.Length < Bytes ? null : new GatewayMessage(
            (GatewayMessageKind)bytes[0],
            new Guid(bytes[IdAt..SentAtAt], bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(bytes[SentAtAt..]));
    }
}
