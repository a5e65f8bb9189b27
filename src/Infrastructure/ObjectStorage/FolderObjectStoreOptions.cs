using System.ComponentModel.DataAnnotations;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Audio, artwork and avatars in a folder of this machine.</summary>
public sealed class FolderObjectStoreOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Objects:Folder";

    /// <summary>The folder. It is made when missing; nothing else may be kept in it.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("data", "objects");
}
