using System.Diagnostics;

namespace IndiiMusic.Standalone.Tests.Import;

/// <summary>A folder of short tagged tones in every supported format, made by ffmpeg, beside what must not stop an import.</summary>
public sealed class SampleMusic : IAsyncLifetime
{
    public const int Tracks = 9;
    public const int Duplicates = 1;
    public const int Broken = 3;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("indii-music-");

    /// <summary>Where it lies.</summary>
    public string Folder => _root.FullName;

    public async Task InitializeAsync()
    {
        var album = Directory.CreateDirectory(Path.Combine(Folder, "Ana", "First – ‘Söngs’ & more")).FullName;
        await RunFfmpegAsync("-f", "lavfi", "-i", "color=red:s=16x16", "-frames:v", "1", Path.Combine(album, "Cover.JPG"));
        var cover = Path.Combine(Folder, "picture.png");
        await RunFfmpegAsync("-f", "lavfi", "-i", "color=blue:s=16x16", "-frames:v", "1", cover);

        await ToneAsync(Path.Combine(album, "01 one.mp3"), 201, "One", "Ana; Bea", "track=1/2", "date=2001-02-03");
        await ToneAsync(
            Path.Combine(album, "02 two.flac"), 202, "Two", "Ana", "TRACKNUMBER=2",
            "MUSICBRAINZ_TRACKID=e1a1a1a1-0000-4000-8000-000000000001", "REPLAYGAIN_TRACK_GAIN=-7.25 dB");
        await ToneAsync(Path.Combine(Folder, "three.ogg"), 203, "Three", "Bea");
        await ToneAsync(Path.Combine(Folder, "four.opus"), 204, "Four", "Bea", "R128_TRACK_GAIN=-512");
        await ToneAsync(Path.Combine(Folder, "five.m4a"), 205, "Five", "Bea");
        await ToneAsync(Path.Combine(Folder, "six.wav"), 206, "Six", "Bea");
        await ToneAsync(Path.Combine(Folder, "seven.aiff"), 207, "Seven", "Bea");
        await ToneAsync(Path.Combine(Folder, "-eight %20#?.mp3"), 208, "Eight", "Bea");
        await RunFfmpegAsync(
            "-i", Path.Combine(Folder, "three.ogg"), "-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy",
            "-metadata", "title=Nine", "-disposition:v", "attached_pic", Path.Combine(Folder, "nine.flac"));

        File.Copy(Path.Combine(Folder, "six.wav"), Path.Combine(Folder, "same as six.wav"));
        await File.WriteAllBytesAsync(Path.Combine(Folder, "noise.mp3"), Noise(5_000));
        await File.WriteAllTextAsync(Path.Combine(Folder, "text.flac"), "This is no music.");
        await File.WriteAllBytesAsync(Path.Combine(Folder, "empty.ogg"), []);
        Directory.CreateSymbolicLink(Path.Combine(album, "back to the start"), Folder);
        Directory.CreateDirectory(Path.Combine(Folder, ".hidden"));
        File.Copy(Path.Combine(Folder, "five.m4a"), Path.Combine(Folder, ".hidden", "five.m4a"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "mix.m3u8"), """
            #EXTM3U
            #PLAYLIST:Mixed
            three.ogg
            #EXTINF:1,ANA - two!
            /elsewhere/2.flac
            #EXTINF:1,Nobody - Nothing
            nothing.mp3
            """);
    }

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static Task ToneAsync(string path, int frequencyHz, string title, string artist, params string[] tags) =>
        RunFfmpegAsync(
        [
            "-f", "lavfi", "-i", $"sine=frequency={frequencyHz}:duration=1",
            .. tags.Prepend($"title={title}").Prepend($"artist={artist}").SelectMany(tag => new[] { "-metadata", tag }),
            path,
        ]);

    private static async Task RunFfmpegAsync(params string[] arguments)
    {
        arguments[^1] = "file:" + arguments[^1];
        using var ffmpeg = Process.Start(
            new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]))!;
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(7).NextBytes(noise);
        return noise;
    }
}
