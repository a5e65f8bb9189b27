using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>An empty database with the catalog and the import ledger on it.</summary>
public interface ICatalogFixture : IAsyncLifetime
{
    ITrackCatalog Catalog { get; }

    IImportLedger Ledger { get; }
}
