namespace IndiiMusic.Bench.Hosting;

/// <summary>Folders that go when the measuring is done.</summary>
internal sealed class TemporaryFolders(string? parent) : IDisposable
{
    private readonly List<string> _made = [];

    public string Create()
    {
        var folder = parent is null
            ? Directory.CreateTempSubdirectory("indii-bench-").FullName
            : Directory.CreateDirectory(Path.Combine(parent, $"indii-bench-{Guid.CreateVersion7():N}")).FullName;
        _made.Add(folder);
        return folder;
    }

    public void Dispose()
    {
        foreach (var folder in _made)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
