using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Auth;

/// <summary>Access tokens. Section <c>Auth:AccessTokens</c>.</summary>
public sealed class AccessTokenOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Auth:AccessTokens";

    /// <summary>What stands in <c>iss</c>. Give each installation its own where tokens could meet.</summary>
    [Required]
    public string Issuer { get; set; } = "indiimusic";

    /// <summary>What stands in <c>aud</c>.</summary>
    [Required]
    public string Audience { get; set; } = "indiimusic";

    /// <summary>How long a token is good, in seconds.</summary>
    [Range(10, 86_400)]
    public int LifetimeSeconds { get; set; } = 600;

    /// <summary>
    /// How long a token's session and its user's roles are taken for what they were, in seconds, before they are asked
    /// again. So long may a role still be used after it was taken.
    /// </summary>
    [Range(0, 60)]
    public int TrustedForSeconds { get; set; } = 5;

    /// <summary>
    /// Verified tokens kept in memory, about 2 KB each. A token that is not kept costs a signature check and a grain
    /// call.
    /// </summary>
    [Range(100, 10_000_000)]
    public int CachedMax { get; set; } = 20_000;
}

/// <summary>Holds <see cref="AccessTokenOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class AccessTokenOptionsValidator : IValidateOptions<AccessTokenOptions>;
