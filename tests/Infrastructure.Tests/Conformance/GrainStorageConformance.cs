using System.Diagnostics.CodeAnalysis;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>
/// What every grain storage does, whichever database is behind it. Each test makes its own grain ids.
/// </summary>
public abstract class GrainStorageConformance(IGrainStorage storage)
{
    [Fact]
    public async Task A_state_nobody_wrote_does_not_exist_and_is_new()
    {
        var state = await ReadAsync(NewGrain());

        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.NotNull(state.State);
        Assert.Null(state.State.Name);
    }

    [Fact]
    public async Task What_was_written_is_read()
    {
        var grain = NewGrain();
        var written = await WriteAsync(grain, "Ænima 日本語", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        var read = await ReadAsync(grain);

        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(written.State.Name, read.State.Name);
        Assert.Equal(written.State.Since, read.State.Since);
        Assert.Equal(written.State.Colour, read.State.Colour);
        Assert.Equal(written.State.Counts, read.State.Counts);
    }

    [Fact]
    public async Task Each_write_gives_a_new_etag()
    {
        var grain = NewGrain();
        var state = await WriteAsync(grain, "one");
        var firstETag = state.ETag;

        state.State.Name = "two";
        await storage.WriteStateAsync("state", grain, state);

        Assert.NotEqual(firstETag, state.ETag);
        Assert.Equal("two", (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task A_write_on_an_old_etag_changes_nothing()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "one");
        var stale = await ReadAsync(grain);
        var fresh = await ReadAsync(grain);
        fresh.State.Name = "two";
        await storage.WriteStateAsync("state", grain, fresh);
        var staleETag = stale.ETag;

        stale.State.Name = "lost";
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", grain, stale));

        Assert.Equal(staleETag, stale.ETag);
        var read = await ReadAsync(grain);
        Assert.Equal(("two", fresh.ETag), (read.State.Name, read.ETag));
    }

    [Fact]
    public async Task Creating_what_is_there_changes_nothing()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "one");

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(grain, "two"));

        Assert.Equal("one", (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task Changing_what_is_not_there_creates_nothing()
    {
        var grain = NewGrain();
        var state = new SampleGrainState { State = new SampleState { Name = "one" }, ETag = "0123456789abcdef" };

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", grain, state));

        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task A_cleared_state_does_not_exist_and_can_be_written_again()
    {
        var grain = NewGrain();
        var state = await WriteAsync(grain, "one");

        await storage.ClearStateAsync("state", grain, state);
        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.False((await ReadAsync(grain)).RecordExists);

        state.State = new SampleState { Name = "two" };
        await storage.WriteStateAsync("state", grain, state);
        Assert.Equal("two", (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task Clearing_on_an_old_etag_changes_nothing()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "one");
        var stale = await ReadAsync(grain);
        var fresh = await ReadAsync(grain);
        fresh.State.Name = "two";
        await storage.WriteStateAsync("state", grain, fresh);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", grain, stale));
        var never = new SampleGrainState();
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", grain, never));

        Assert.Equal("two", (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task Clearing_what_is_not_there_is_no_error()
    {
        var grain = NewGrain();
        var state = await ReadAsync(grain);

        await storage.ClearStateAsync("state", grain, state);

        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task An_etag_from_before_a_clear_never_fits_again()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "one");
        var stale = await ReadAsync(grain);
        var fresh = await ReadAsync(grain);
        await storage.ClearStateAsync("state", grain, fresh);
        await WriteAsync(grain, "two");

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", grain, stale));
        Assert.Equal("two", (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task Grains_and_state_names_stay_apart()
    {
        var key = $"{Guid.CreateVersion7():N}";
        var one = GrainId.Create("one", key);
        var other = GrainId.Create("other", key);
        var longer = GrainId.Create("one", key + "/more");
        await WriteAsync(one, "a");
        await WriteAsync(other, "b");
        await WriteAsync(longer, "c");
        var second = new SampleGrainState { State = new SampleState { Name = "d" } };
        await storage.WriteStateAsync("second", one, second);

        Assert.Equal("a", (await ReadAsync(one)).State.Name);
        Assert.Equal("b", (await ReadAsync(other)).State.Name);
        Assert.Equal("c", (await ReadAsync(longer)).State.Name);
        await storage.ClearStateAsync("second", one, second);
        Assert.Equal("a", (await ReadAsync(one)).State.Name);
    }

    [Fact]
    public async Task Of_parallel_writers_on_one_etag_exactly_one_wins()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "start");
        var copies = new List<SampleGrainState>();
        for (var i = 0; i < 20; i++)
            copies.Add(await ReadAsync(grain));

        var won = await Task.WhenAll(copies.Select((copy, i) => Task.Run(async () =>
        {
            copy.State.Name = $"writer {i}";
            try
            {
                await storage.WriteStateAsync("state", grain, copy);
                return copy.State.Name;
            }
            catch (InconsistentStateException)
            {
                return null;
            }
        })));

        Assert.Equal(Assert.Single(won, name => name is not null), (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task Of_parallel_writers_of_a_new_state_exactly_one_wins()
    {
        var grain = NewGrain();

        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => SucceedsAsync(() => WriteAsync(grain, $"writer {i}")))));

        Assert.Equal(1, won.Count(win => win));
        Assert.Equal($"writer {Array.IndexOf(won, true)}", (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task Of_parallel_clears_and_writes_on_one_etag_exactly_one_wins()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "start");
        var copies = new List<SampleGrainState>();
        for (var i = 0; i < 20; i++)
            copies.Add(await ReadAsync(grain));

        var won = await Task.WhenAll(copies.Select((copy, i) => Task.Run(() => SucceedsAsync(() => i % 2 == 0
            ? storage.ClearStateAsync("state", grain, copy)
            : storage.WriteStateAsync("state", grain, copy)))));

        Assert.Equal(1, won.Count(win => win));
        Assert.Equal(Array.IndexOf(won, true) % 2 == 1, (await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task A_writer_who_knows_every_etag_writes_on_and_on()
    {
        var grain = NewGrain();
        var etags = new HashSet<string>(StringComparer.Ordinal);
        var state = new SampleGrainState();
        for (var i = 0; i < 50; i++)
        {
            state.State.Name = $"write {i}";
            await storage.WriteStateAsync("state", grain, state);
            Assert.True(etags.Add(state.ETag!));
            if (i % 10 == 9)
                await storage.ClearStateAsync("state", grain, state);
        }

        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    [Fact]
    public async Task Clearing_and_reading_what_is_not_there_leave_a_new_state()
    {
        var grain = NewGrain();
        var other = await WriteAsync(NewGrain(), "another grain's");
        var state = await WriteAsync(grain, "one");

        await storage.ClearStateAsync("state", grain, state);
        Assert.Null(state.State.Name);
        await storage.ReadStateAsync("state", grain, other);

        Assert.Null(other.State.Name);
        Assert.False(other.RecordExists);
        Assert.Null(other.ETag);
    }

    [Fact]
    public async Task Clearing_twice_on_one_etag_conflicts()
    {
        var grain = NewGrain();
        await WriteAsync(grain, "one");
        var first = await ReadAsync(grain);
        var second = await ReadAsync(grain);
        await storage.ClearStateAsync("state", grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("state", grain, second));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b\\c#d?e%f&g+h;i")]
    [InlineData("$where")]
    [InlineData("a.b.c")]
    [InlineData("Ænima-日本語-😀")]
    [InlineData("'; DROP TABLE grain_state; --")]
    public async Task A_key_may_be_any_text(string text)
    {
        var grain = GrainId.Create("sample", $"{text}{Guid.CreateVersion7():N}");
        await WriteAsync(grain, text);

        Assert.Equal(text, (await ReadAsync(grain)).State.Name);
        Assert.False((await ReadAsync(GrainId.Create("sample", grain.Key + "x"))).RecordExists);
    }

    [Theory]
    [InlineData("$type")]
    [InlineData("__type")]
    [InlineData("a.b")]
    [InlineData("%2E")]
    [InlineData("")]
    [InlineData("日本語")]
    public async Task A_dictionary_may_have_any_keys(string key)
    {
        var grain = NewGrain();
        var state = new SampleGrainState { State = new SampleState { Counts = { [key] = -1, ["x"] = int.MaxValue } } };
        await storage.WriteStateAsync("state", grain, state);

        Assert.Equal(state.State.Counts, (await ReadAsync(grain)).State.Counts);
    }

    [Fact]
    public async Task Many_grains_write_at_once()
    {
        var grains = Enumerable.Range(0, 100).Select(_ => NewGrain()).ToList();

        await Task.WhenAll(grains.Select(grain => Task.Run(() => WriteAsync(grain, grain.ToString()))));

        foreach (var grain in grains)
            Assert.Equal(grain.ToString(), (await ReadAsync(grain)).State.Name);
    }

    [Fact]
    public async Task A_state_of_five_megabytes_comes_back_whole()
    {
        var grain = NewGrain();
        var large = new string('x', 5 * 1024 * 1024);
        await WriteAsync(grain, large);

        Assert.Equal(large, (await ReadAsync(grain)).State.Name);
    }

    private static async Task<bool> SucceedsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    /// <summary>A grain id that no other test uses.</summary>
    protected static GrainId NewGrain() => GrainId.Create("sample", $"{Guid.CreateVersion7():N}");

    private async Task<SampleGrainState> WriteAsync(GrainId grain, string name, DateTimeOffset since = default)
    {
        var state = new SampleGrainState
        {
            State = new SampleState
            {
                Name = name,
                Since = since,
                Colour = SampleColour.DarkRed,
                Counts = { ["a/b"] = 3 },
            },
        };
        await storage.WriteStateAsync("state", grain, state);
        return state;
    }

    private async Task<SampleGrainState> ReadAsync(GrainId grain)
    {
        var state = new SampleGrainState();
        await storage.ReadStateAsync("state", grain, state);
        return state;
    }
}

/// <summary>A state with the kinds of members that the product's states have.</summary>
public sealed class SampleState
{
    public string? Name { get; set; }

    public DateTimeOffset Since { get; set; }

    public SampleColour Colour { get; set; }

    public Dictionary<string, int> Counts { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>What a grain holds of its state.</summary>
public sealed class SampleGrainState : IGrainState<SampleState>
{
    [AllowNull]
    public SampleState State { get; set => field = value ?? new SampleState(); } = new();

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}

/// <summary>Something that is a word in a document, and not a number.</summary>
public enum SampleColour
{
    None = 0,
    DarkRed = 1,
}
