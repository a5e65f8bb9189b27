using System.Text;

namespace IndiiMusic.Api.Tests.Tracks;

/// <summary>A second of sound in a WAV file, different for each seed.</summary>
internal static class SampleAudio
{
    private const int SampleRateHz = 8_000;

    public static byte[] Wav(int seed)
    {
        var random = new Random(seed);
        var samples = new byte[SampleRateHz * 2];
        random.NextBytes(samples);
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SampleRateHz);
        writer.Write(SampleRateHz * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        return content.ToArray();
    }
}
