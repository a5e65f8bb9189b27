namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// The broker is away, or did not confirm in time: whether it has the message is not known, so it is published again.
/// </summary>
public sealed class RabbitMqUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
