using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Checks what <see cref="ConsulRegistrationOptions"/> says of itself.</summary>
[OptionsValidator]
internal sealed partial class ConsulRegistrationOptionsValidator : IValidateOptions<ConsulRegistrationOptions>;
