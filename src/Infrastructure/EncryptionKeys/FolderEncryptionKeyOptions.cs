namespace IndiiMusic.Infrastructure.EncryptionKeys;

/// <summary>
/// Where the keys lie that secrets in the database are encrypted with. Section <c>Auth:EncryptionKeys</c>.
/// </summary>
public sealed class FolderEncryptionKeyOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Auth:EncryptionKeys";

    /// <summary>
    /// The folder of the keys that second factors are encrypted with, the same for all silos. Standalone makes the
    /// first key itself, in <c>keys</c> in the folder of the data; without a folder, a silo offers no second factor.
    /// </summary>
    public string Folder { get; set; } = "";
}
