using System.Text.Json;

namespace IndiiMusic.Infrastructure.Tests.LiveSettings;

/// <summary>Live settings in a file.</summary>
public sealed class FileLiveSettingsTests : LiveSettingsConformance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indii-live-").FullName;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("LiveSettings:Provider", "File"),
        new("LiveSettings:File:Path", File),
        new("LiveSettings:File:Interval", "00:00:00.100"),
    ];

    private string File => Path.Combine(_folder, "settings.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_half_written_file_is_refused_and_a_whole_one_taken()
    {
        await WriteAsync("""{ "Ffmpeg": { "TimeoutSeconds": 40 } }""");
        await using var program = await StartAsync();

        await WriteAsync("""{ "Ffmpeg": { "TimeoutSeconds": 5""");
        await program.UntilSaidAsync($"The file {File} is no JSON object, or only half of one");
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);

        await WriteAsync("""{ /* why not */ "Ffmpeg": { "TimeoutSeconds": 50, } }""");
        await program.UntilTimeoutIsAsync(50);
    }

    [Fact]
    public async Task A_file_need_not_be_there_and_may_go_away()
    {
        await using var program = await StartAsync();
        Assert.Equal(30, program.Ffmpeg.TimeoutSeconds);

        await WriteAsync("""{ "Ffmpeg:TimeoutSeconds": "40" }""");
        await program.UntilTimeoutIsAsync(40);

        System.IO.File.Delete(File);
        await program.UntilTimeoutIsAsync(30);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_leaves_all_as_it_is()
    {
        await WriteAsync("""{ "Ffmpeg": { "TimeoutSeconds": 40 } }""");
        await using var program = await StartAsync();

        System.IO.File.Delete(File);
        Directory.CreateDirectory(File);
        await program.UntilSaidAsync("are away; those that held go on.");
        Assert.Equal(40, program.Ffmpeg.TimeoutSeconds);

        Directory.Delete(File);
        await program.UntilSaidAsync("are heard again.");
        await program.UntilTimeoutIsAsync(30);
    }

    /// <summary>Puts a new file in the place of the old, as editors do.</summary>
    protected override async Task HoldAsync(params (string Key, string Value)[] settings)
    {
        var next = Path.Combine(_folder, "next");
        await System.IO.File.WriteAllTextAsync(
            next, JsonSerializer.Serialize(settings.ToDictionary(pair => pair.Key, pair => pair.Value)));
        System.IO.File.Move(next, File, overwrite: true);
    }

    private Task WriteAsync(string json) => System.IO.File.WriteAllTextAsync(File, json);
}
