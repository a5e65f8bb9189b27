using IndiiMusic.Grains.Interfaces.Accounts;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Accounts;

/// <summary>Holds one unique name.</summary>
[GrainType("claim")]
internal sealed partial class ClaimGrain(
    [PersistentState("claim")] IPersistentState<ClaimState> store,
    TimeProvider time,
    ILogger<ClaimGrain> logger) : Grain, IClaimGrain
{
    /// <summary>
    /// How long a reservation stands. A registration takes milliseconds from here on, because its password is hashed
    /// already. A longer stall costs it the name, never safety: <see cref="IRegistrantGrain.SettleRegistration"/>.
    /// </summary>
    private static readonly TimeSpan ReservationLifetime = TimeSpan.FromSeconds(10);

    private ClaimState State => store.State;

    public async Task<bool> Reserve(Guid userId)
    {
        if (State.HolderId is { } holderId && holderId != userId && !await GaveWay(holderId))
            return false;

        if (!State.IsConfirmed())
            await store.Write(Reservation(userId));

        return true;
    }

    public async Task<bool> Confirm(Guid userId)
    {
        if (State.HolderId != userId)
            return false;

        if (!State.IsConfirmed())
            await store.Write(State with { ReservedUntil = null });

        return true;
    }

    public async Task Release(Guid userId)
    {
        if (State.HolderId == userId && !State.IsConfirmed())
            await store.ClearStateAsync();
    }

    public Task<Guid?> FindHolder() => Task.FromResult(State.HolderId);

    /// <summary>Whether the reservation has lapsed; a holder who turns out to exist is confirmed instead.</summary>
    private async Task<bool> GaveWay(Guid holderId)
    {
        if (State.IsConfirmed() || State.ReservedUntil > time.GetUtcNow())
            return false;

        var holderExists = await GrainFactory.GetGrain<IRegistrantGrain>(holderId).SettleRegistration();
        if (holderExists)
        {
            LogConfirmedLate(this.GetPrimaryKeyString(), holderId);
            await store.Write(State with { ReservedUntil = null });
            return false;
        }

        LogGaveWay(this.GetPrimaryKeyString(), holderId);
        return true;
    }

    private ClaimState Reservation(Guid userId) =>
        new() { HolderId = userId, ReservedUntil = time.GetUtcNow() + ReservationLifetime };
}
