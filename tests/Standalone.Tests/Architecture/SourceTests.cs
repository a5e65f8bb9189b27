namespace IndiiMusic.Standalone.Tests.Architecture;

/// <summary>How the code reads: STYLE.md.</summary>
public sealed class SourceTests
{
    private const int LineColumnsMax = 120;
    private const int FileLinesMax = 500;

    private static readonly string[] VagueFolders = ["Models", "Services", "Helpers", "Utils", "Common"];

    private static IEnumerable<string> Files => Directory
        .EnumerateFiles(Path.Combine(Source.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [Fact]
    public void Lines_and_files_fit_a_screen()
    {
        var tooLong = Files.SelectMany(file => File.ReadLines(file).Select((line, index) => (file, line, index)))
            .Where(each => each.line.Length > LineColumnsMax)
            .Select(each => $"{Short(each.file)}:{each.index + 1}");
        var tooMany = Files.Where(file => File.ReadLines(file).Count() > FileLinesMax).Select(Short);

        Assert.Empty(tooLong);
        Assert.Empty(tooMany);
    }

    [Fact]
    public void Folders_and_files_say_what_they_hold()
    {
        Assert.Empty(Files.Where(file => VagueFolders.Any(vague =>
            file.Contains($"/{vague}/", StringComparison.Ordinal))).Select(Short));
        Assert.Empty(Files.Where(file => Path.GetFileName(file) is "Extensions.cs" or "Constants.cs").Select(Short));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        string[] marks = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        var left = Files.Where(file => marks.Any(File.ReadAllText(file).Contains));

        Assert.Empty(left.Select(Short));
    }

    private static string Short(string file) => Path.GetRelativePath(Source.Root, file);
}
