using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Checks what the attributes on <see cref="ConsulOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class ConsulOptionsValidator : IValidateOptions<ConsulOptions>;
