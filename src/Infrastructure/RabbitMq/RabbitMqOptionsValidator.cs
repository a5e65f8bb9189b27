using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Checks what the attributes on <see cref="RabbitMqOptions"/> say, and what it checks itself.</summary>
[OptionsValidator]
internal sealed partial class RabbitMqOptionsValidator : IValidateOptions<RabbitMqOptions>;
