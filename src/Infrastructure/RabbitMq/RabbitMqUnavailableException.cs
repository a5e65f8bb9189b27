namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// The broker is away, or did not confirm in time: whether it has the message is not known, so it is published again.
/// It carries no cause, as those of the client cannot go from silo to silo.
/// </summary>
[GenerateSerializer]
[Alias("indii.streams.rabbitmq-unavailable")]
public sealed class RabbitMqUnavailableException(string message) : Exception(message);
