using BenchmarkDotNet.Attributes;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Bench.Micro;

/// <summary>What it costs to make the document of a group of commands that are written together.</summary>
[MemoryDiagnoser]
public class BatchBenchmarks
{
    private PlaylistCommandRecord[] _commands = [];

    /// <summary>How many commands go out together.</summary>
    [Params(1, 100)]
    public int Commands { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var owner = Actor.User(Guid.CreateVersion7());
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var playlist = new CreatePlaylist(
            "Bench", Description: null, PlaylistVisibility.Private, DuplicatePolicy.Allow, []);
        var state = PlaylistDecisions.Create(PlaylistState.None, owner, playlist, forkedFrom: null, now).After;
        var append = new PlaylistCommand(
            Guid.CreateVersion7().ToString(), [new AppendTracks([Guid.CreateVersion7()])]);
        var decision = PlaylistDecisions.Execute(state, owner, append, now);
        var record = new PlaylistCommandRecord(
            append.OperationId, owner.UserId, owner.ClientId, now, decision.Events, decision.After.ContentVersion,
            decision.After.DetailsVersion, [.. decision.Results.Select(OperationResultDocument.From)]);
        _commands = [.. Enumerable.Repeat(record, Commands)];
    }

    [Benchmark]
    public object WriteBatch() => PlaylistDocuments.WriteBatch([.. _commands]);
}
