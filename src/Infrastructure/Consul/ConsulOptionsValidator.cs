using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Checks what <see cref="ConsulOptions"/> says of itself.</summary>
[OptionsValidator]
internal sealed partial class ConsulOptionsValidator : IValidateOptions<ConsulOptions>;
