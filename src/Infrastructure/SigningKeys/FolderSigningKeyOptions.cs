using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.SigningKeys;

/// <summary>Where signing keys lie. Section <c>Auth:SigningKeys</c>.</summary>
public sealed class FolderSigningKeyOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Auth:SigningKeys";

    /// <summary>The folder, made when it is missing. By default <c>keys</c> in the folder of the data.</summary>
    public string Folder { get; set; } = "";
}

/// <summary>Holds that a folder is named.</summary>
internal sealed class FolderSigningKeyOptionsValidator : IValidateOptions<FolderSigningKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, FolderSigningKeyOptions options) =>
        string.IsNullOrWhiteSpace(options.Folder)
            ? ValidateOptionsResult.Fail(
                $"{FolderSigningKeyOptions.Section}:Folder is empty; it names the folder that holds the signing keys.")
            : ValidateOptionsResult.Success;
}
