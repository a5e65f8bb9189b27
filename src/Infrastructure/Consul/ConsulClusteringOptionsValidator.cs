using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Checks what the attributes on <see cref="ConsulClusteringOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class ConsulClusteringOptionsValidator : IValidateOptions<ConsulClusteringOptions>;
