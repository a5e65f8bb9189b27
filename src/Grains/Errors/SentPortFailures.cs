using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Objects;

namespace IndiiMusic.Grains.Errors;

/// <summary>
/// A port's failure on its way to a caller, as it happens when a grain cannot be activated. Its cause stays in the
/// process that met it, because most drivers' exceptions cannot be sent.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.errors.port-failure")]
internal readonly record struct SentPortFailure([property: Id(0)] string Message);

/// <summary>Sends an <see cref="EventStoreConflictException"/>.</summary>
[RegisterConverter]
internal sealed class EventStoreConflictConverter : IConverter<EventStoreConflictException, SentPortFailure>
{
    public EventStoreConflictException ConvertFromSurrogate(in SentPortFailure surrogate) => new(surrogate.Message);

    public SentPortFailure ConvertToSurrogate(in EventStoreConflictException value) => new(value.Message);
}

/// <summary>Sends an <see cref="EventStoreUnavailableException"/>.</summary>
[RegisterConverter]
internal sealed class EventStoreUnavailableConverter : IConverter<EventStoreUnavailableException, SentPortFailure>
{
    public EventStoreUnavailableException ConvertFromSurrogate(in SentPortFailure surrogate) => new(surrogate.Message);

    public SentPortFailure ConvertToSurrogate(in EventStoreUnavailableException value) => new(value.Message);
}

/// <summary>Sends an <see cref="ObjectStoreUnavailableException"/>.</summary>
[RegisterConverter]
internal sealed class ObjectStoreUnavailableConverter : IConverter<ObjectStoreUnavailableException, SentPortFailure>
{
    public ObjectStoreUnavailableException ConvertFromSurrogate(in SentPortFailure surrogate) => new(surrogate.Message);

    public SentPortFailure ConvertToSurrogate(in ObjectStoreUnavailableException value) => new(value.Message);
}
