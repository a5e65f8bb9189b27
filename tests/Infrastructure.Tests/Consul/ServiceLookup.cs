using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IndiiMusic.Infrastructure.Tests.Consul;

/// <summary>Asks a DNS server over UDP where a service is, as RFC 1035 and RFC 2782 say.</summary>
internal static class ServiceLookup
{
    private const ushort Srv = 33;
    private const ushort Internet = 1;
    private const int HeaderBytes = 12;
    private const byte Pointer = 0xC0;

    /// <summary>The ports of a name's SRV records; empty when there is no such name.</summary>
    public static async Task<IReadOnlyList<int>> PortsAsync(IPEndPoint server, string name)
    {
        using var udp = new UdpClient();
        udp.Connect(server);
        await udp.SendAsync(Question(name));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        return Ports((await udp.ReceiveAsync(patience.Token)).Buffer);
    }

    private static byte[] Question(string name)
    {
        // An id, recursion desired, one question.
        var question = new List<byte> { 0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            question.Add((byte)label.Length);
            question.AddRange(Encoding.ASCII.GetBytes(label));
        }

        question.AddRange([0, 0, (byte)Srv, 0, (byte)Internet]);
        return [.. question];
    }

    private static List<int> Ports(byte[] answer)
    {
        var answers = Number(answer, 6);
        var at = HeaderBytes;
        at = AfterName(answer, at) + 4;
        var ports = new List<int>();
        for (var i = 0; i < answers; i++)
        {
            at = AfterName(answer, at);
            var type = Number(answer, at);
            var length = Number(answer, at + 8);
            at += 10;
            if (type == Srv)
                ports.Add(Number(answer, at + 4));
            at += length;
        }

        return ports;
    }

    private static int AfterName(byte[] answer, int at)
    {
        while (answer[at] != 0)
        {
            if ((answer[at] & Pointer) == Pointer)
                return at + 2;
            at += answer[at] + 1;
        }

        return at + 1;
    }

    private static ushort Number(byte[] answer, int at) => BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at));
}
