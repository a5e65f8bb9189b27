using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace IndiiMusic.Standalone.Tests.Import;

/// <summary>The program itself, in processes of its own, as at a terminal.</summary>
public sealed class ImportCommandTests(SampleMusic music) : IClassFixture<SampleMusic>, IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("indii-import-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_folder_comes_in_once_however_often_it_is_imported()
    {
        var (exitCode, output) = await ImportAsync();

        Assert.True(exitCode == 0, output);
        Assert.Contains($"Imported {SampleMusic.Tracks} of 13 files", output, StringComparison.Ordinal);
        Assert.Contains($"duplicates     {SampleMusic.Duplicates}", output, StringComparison.Ordinal);
        Assert.Contains($"broken         {SampleMusic.Broken}", output, StringComparison.Ordinal);
        foreach (var file in new[] { "noise.mp3", "text.flac", "empty.ogg" })
            Assert.Contains($"{file}: it ", output, StringComparison.Ordinal);
        Assert.Contains(
            "Playlist Mixed: created, 2 entries matched (1 by artistTitle, 1 by path), 1 not.",
            output,
            StringComparison.Ordinal);
        Assert.Equal(
            "Eight|mp3 Five|aac Four|opus Nine|flac One|mp3 Seven|pcm_s16be Six|pcm_s16le Three|vorbis Two|flac",
            Query("SELECT group_concat(t, ' ') FROM (SELECT doc->>'$.tags.title' || '|' || (doc->>'$.audio.codec') t "
                + "FROM grain_state WHERE grain_type = 'track' ORDER BY t)"));
        Assert.Equal(
            "Nine One Two",
            Query("SELECT group_concat(title, ' ') FROM (SELECT title FROM catalog_tracks WHERE has_artwork ORDER BY 1)"));
        var stored = StoredFiles();

        (exitCode, output) = await ImportAsync();

        Assert.True(exitCode == 0, output);
        Assert.Contains("Imported 0 of 13 files", output, StringComparison.Ordinal);
        Assert.Contains("already there  10", output, StringComparison.Ordinal);
        Assert.Contains("already there.", output, StringComparison.Ordinal);
        Assert.Equal(stored, StoredFiles());
        Assert.Equal("9", Query("SELECT count(*) FROM catalog_tracks"));
        Assert.Equal("1", Query("SELECT count(DISTINCT stream) FROM event_batches WHERE stream LIKE 'playlist/%'"));
    }

    [Fact]
    public async Task An_import_that_is_killed_goes_on_where_it_stopped()
    {
        using (var killed = Start())
        {
            // Killed once some files are in, at whatever they are at then.
            while (!killed.HasExited && !Directory.Exists(Path.Combine(_data.FullName, "objects", "INCOMING")))
                await Task.Delay(10);
            for (var i = 0; i < 300 && !killed.HasExited && StoredFiles() < 3; i++)
                await Task.Delay(10);
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        var (exitCode, output) = await ImportAsync();

        Assert.True(exitCode == 0, output);
        Assert.Equal("9", Query("SELECT count(*) FROM catalog_tracks"));
        Assert.Equal("9", Query("SELECT count(*) FROM grain_state WHERE grain_type = 'track'"));
        Assert.Equal("1", Query("SELECT count(DISTINCT stream) FROM event_batches WHERE stream LIKE 'playlist/%'"));
    }

    [Fact]
    public async Task A_running_server_does_the_work_and_the_command_shows_it()
    {
        var standalone = StandaloneApplication.Create(
            $"--Data:Path={_data.FullName}",
            "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:Management:Url=http://127.0.0.1:0");
        await using (standalone)
        {
            await standalone.StartAsync();

            var (exitCode, output) = await ImportAsync();

            Assert.True(exitCode == 0, output);
            Assert.Contains($"Imported {SampleMusic.Tracks} of 13 files", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_a_line()
    {
        var (missing, missingOutput) = await RunAsync("import", "/nowhere/at/all");
        var (unknown, unknownOutput) = await RunAsync("import", music.Folder, "--owner", "nobody");
        var (toolless, toollessOutput) = await RunAsync("import", music.Folder, "--set", "Ffmpeg:Ffprobe=/no/ffprobe");

        Assert.Equal((1, 1, 1), (missing, unknown, toolless));
        Assert.Contains("There is no folder /nowhere/at/all.", missingOutput, StringComparison.Ordinal);
        Assert.Contains("There is no user called nobody", unknownOutput, StringComparison.Ordinal);
        Assert.Contains("Install ffmpeg", toollessOutput, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output)> ImportAsync() => RunAsync("import", music.Folder);

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "IndiiMusic.Standalone.dll"),
            .. arguments is [] ? ["import", music.Folder] : arguments,
            "--data",
            _data.FullName,
        ])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var program = Start(arguments);
        var errors = program.StandardError.ReadToEndAsync();
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return (program.ExitCode, output + await errors);
    }

    private int StoredFiles() => Directory
        .GetFiles(Path.Combine(_data.FullName, "objects"), "*", SearchOption.AllDirectories).Length;

    private string? Query(string sql)
    {
        var file = Path.Combine(_data.FullName, "indii.db");
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every query is a literal of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }
}
