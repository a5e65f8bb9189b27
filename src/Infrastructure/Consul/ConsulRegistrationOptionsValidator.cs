using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Checks what the attributes on <see cref="ConsulRegistrationOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class ConsulRegistrationOptionsValidator : IValidateOptions<ConsulRegistrationOptions>;
