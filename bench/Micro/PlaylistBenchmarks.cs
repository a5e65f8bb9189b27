using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Bench.Micro;

/// <summary>What an edit costs without grains and storage, and what a snapshot costs to write and to read.</summary>
[MemoryDiagnoser]
public class PlaylistBenchmarks
{
    private static readonly Actor Owner = Actor.User(Guid.CreateVersion7());
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly PlaylistCommand Append = CommandOf(new AppendTracks([Guid.CreateVersion7()]));

    private readonly Random _random = new(1);
    private PlaylistState _state = PlaylistState.None;
    private EventSnapshot _snapshot = null!;

    /// <summary>How long the list is.</summary>
    [Params(100, 100_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var playlist = new CreatePlaylist(
            "Bench", Description: null, PlaylistVisibility.Private, DuplicatePolicy.Allow,
            [.. Enumerable.Range(0, Entries - 1).Select(static _ => Guid.CreateVersion7())]);
        _state = PlaylistDecisions.Create(PlaylistState.None, Owner, playlist, forkedFrom: null, Now).After;
        _snapshot = PlaylistSnapshots.Write("playlist/bench", _state, []);
    }

    /// <summary>Decides an append and applies its event.</summary>
    [Benchmark]
    public object DecideAppend() => PlaylistDecisions.Execute(_state, Owner, Append, Now);

    /// <summary>Decides a move between random places and applies its event.</summary>
    [Benchmark]
    public object DecideMove()
    {
        var moved = _random.Next(1, Entries - 1);
        return PlaylistDecisions.Execute(_state, Owner, CommandOf(new MoveEntries([moved], moved + 1)), Now);
    }

    [Benchmark]
    public object WriteSnapshot() => PlaylistSnapshots.Write("playlist/bench", _state, []);

    [Benchmark]
    public object ReadSnapshot() => PlaylistSnapshots.Read(_snapshot);

    private static PlaylistCommand CommandOf(PlaylistOperation operation) => new("bench", [operation]);
}
