using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>What an import ledger must do, whichever database it is in.</summary>
public abstract class ImportLedgerConformance(ICatalogFixture fixture) : IAsyncLifetime
{
    private static readonly ImportedFile File = new(
        "/music/Björk/01 – Jóga?.mp3",
        5_000_000_000,
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(7));

    private readonly Guid _owner = Guid.CreateVersion7();
    private readonly Guid _became = Guid.CreateVersion7();

    private IImportLedger Ledger => fixture.Ledger;

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_file_is_known_until_its_size_or_time_changes()
    {
        Assert.Null(await Ledger.FindAsync(_owner, File, default));
        Assert.False(await Ledger.IsKnownAsync(_owner, File.Path, default));
        await NoteAsync(_owner, File, _became);

        Assert.Equal(_became, await Ledger.FindAsync(_owner, File, default));
        Assert.Null(await Ledger.FindAsync(_owner, File with { SizeBytes = 1 }, default));
        Assert.Null(await Ledger.FindAsync(_owner, File with { ModifiedAt = File.ModifiedAt.AddTicks(1) }, default));
        Assert.True(await Ledger.IsKnownAsync(_owner, File.Path, default));
        Assert.False(await Ledger.IsKnownAsync(_owner, File.Path.ToUpperInvariant(), default));
    }

    [Fact]
    public async Task A_file_that_was_changed_is_noted_in_place_of_the_former()
    {
        await NoteAsync(_owner, File, Guid.CreateVersion7());
        var changed = File with { SizeBytes = 6 };
        await NoteAsync(_owner, changed, _became);

        Assert.Null(await Ledger.FindAsync(_owner, File, default));
        Assert.Equal(_became, await Ledger.FindAsync(_owner, changed, default));
    }

    [Fact]
    public async Task Each_owner_has_files_of_their_own_and_so_has_nobody()
    {
        await NoteAsync(null, File, _became);

        Assert.Equal(_became, await Ledger.FindAsync(null, File, default));
        Assert.Null(await Ledger.FindAsync(_owner, File, default));
        Assert.False(await Ledger.IsKnownAsync(_owner, File.Path, default));
    }

    [Fact]
    public async Task Importers_that_note_the_same_file_at_once_all_succeed()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => NoteAsync(_owner, File, _became)));

        Assert.Equal(_became, await Ledger.FindAsync(_owner, File, default));
    }

    /// <summary>An adapter may write notes a little later, but not behind a write that was waited for.</summary>
    private async Task NoteAsync(Guid? owner, ImportedFile file, Guid became)
    {
        await Ledger.NoteAsync(owner, file, became, default);
        await fixture.Catalog.RemoveAsync(Guid.CreateVersion7(), default);
    }
}
