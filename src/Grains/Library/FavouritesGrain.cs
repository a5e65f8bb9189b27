using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Library;

namespace IndiiMusic.Grains.Library;

/// <summary>One user's favourite tracks.</summary>
[GrainType("favourites")]
internal sealed class FavouritesGrain(
    [PersistentState("favourites")] IPersistentState<FavouritesState> store,
    TimeProvider time) : Grain, IFavouritesGrain
{
    public async Task<FavouriteTrack> Add(Guid trackId)
    {
        await Keep(store.State with
        {
            Tracks = store.State.Tracks.Choose(
                trackId, time.GetUtcNow(), LibraryLimits.FavouritesMax, nameof(LibraryLimits.FavouritesMax)),
        });
        return Show(store.State.Tracks.Find(trackId)!);
    }

    public Task Remove(Guid trackId) => Keep(store.State with { Tracks = store.State.Tracks.Without(trackId) });

    public Task<FavouriteTrack?> Find(Guid trackId) =>
        Task.FromResult(store.State.Tracks.Find(trackId) is { } item ? Show(item) : null);

    public Task<Page<FavouriteTrack>> GetPage(int limit, string? cursor) =>
        Task.FromResult(NewestFirst.Page(store.State.Tracks, item => item.Order, Show, limit, cursor));

    private static FavouriteTrack Show(ChosenItem item) => new(item.Id, item.At);

    private Task Keep(FavouritesState next) =>
        next.Tracks == store.State.Tracks ? Task.CompletedTask : store.Write(next);
}
