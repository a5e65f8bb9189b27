using IndiiMusic.Grains.Configuration;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Cors;

/// <summary>Which web pages may call the gateway. Section <c>Cors</c>.</summary>
public sealed class CorsOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Cors";

    /// <summary>Origins such as <c>https://app.example.org</c>; none unless configured.</summary>
    [Live]
    public IReadOnlyList<string> Origins { get; set; } = [];
}

/// <summary>Holds that each origin is one.</summary>
internal sealed class CorsOptionsValidator : IValidateOptions<CorsOptions>
{
    public ValidateOptionsResult Validate(string? name, CorsOptions options)
    {
        var wrong = options.Origins.Where(origin => !IsOrigin(origin)).Select(origin =>
            $"{CorsOptions.Section}:Origins holds '{origin}'; an origin is like https://app.example.org, "
            + "without a path, and * is not one because pages send credentials.");
        return wrong.ToList() is { Count: > 0 } problems
            ? ValidateOptionsResult.Fail(problems)
            : ValidateOptionsResult.Success;
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https" }
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);
}
