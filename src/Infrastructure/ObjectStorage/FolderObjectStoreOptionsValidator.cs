using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Checks what the attributes on <see cref="FolderObjectStoreOptions"/> say.</summary>
[OptionsValidator]
internal sealed partial class FolderObjectStoreOptionsValidator : IValidateOptions<FolderObjectStoreOptions>;
