namespace IndiiMusic.Bench.Hosting;

/// <summary>
/// Data to measure on: a folder that goes when the measuring is done and, with the cluster's wiring, a database.
/// </summary>
internal sealed class BenchData(string? parent, ClusterWiring? wiring) : IDisposable
{
    private readonly List<string> _made = [];

    /// <summary>The servers of the cluster's wiring; null when everything is in the folder.</summary>
    public ClusterWiring? Wiring => wiring;

    /// <summary>A place with no data yet. Every server that starts from now on works on it.</summary>
    public string Create()
    {
        wiring?.UseNewDatabase();
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
