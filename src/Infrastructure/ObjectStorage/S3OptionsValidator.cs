using Amazon;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Checks what the attributes on <see cref="S3Options"/> say.</summary>
[OptionsValidator]
internal sealed partial class S3OptionsValidator : IValidateOptions<S3Options>;

/// <summary>Checks what settings must hold together. No message repeats a key or a secret.</summary>
internal sealed class S3OptionsRules : IValidateOptions<S3Options>
{
    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        var failures = new List<string>();
        if (string.IsNullOrEmpty(options.ServiceUrl) && string.IsNullOrEmpty(options.Region))
        {
            failures.Add(
                $"{Key(nameof(S3Options.ServiceUrl))} and {Key(nameof(S3Options.Region))} are both empty; set the "
                + "server's address, or for Amazon's own S3 a region such as eu-central-1.");
        }

        if (options is { Region: { Length: > 0 } region, ServiceUrl: null or "" }
            && RegionEndpoint.GetBySystemName(region) is { DisplayName: "Unknown" })
        {
            failures.Add($"{Key(nameof(S3Options.Region))} is '{region}'; it may be such as eu-central-1.");
        }

        if (string.IsNullOrEmpty(options.AccessKey) != string.IsNullOrEmpty(options.SecretKey))
        {
            failures.Add(
                $"{Key(nameof(S3Options.AccessKey))} and {Key(nameof(S3Options.SecretKey))} belong together: set both, "
                + "or neither to use what the machine itself has.");
        }

        if (options.Redirect == S3Redirect.Cdn && string.IsNullOrEmpty(options.CdnBaseUrl))
        {
            failures.Add(
                $"{Key(nameof(S3Options.CdnBaseUrl))} is empty; {Key(nameof(S3Options.Redirect))}=Cdn needs it, such "
                + "as https://media.example.org.");
        }

        CheckAddress(failures, nameof(S3Options.ServiceUrl), options.ServiceUrl);
        CheckAddress(failures, nameof(S3Options.PresignedServiceUrl), options.PresignedServiceUrl);
        CheckAddress(failures, nameof(S3Options.CdnBaseUrl), options.CdnBaseUrl);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Key(string name) => $"{S3Options.Section}:{name}";

    private static void CheckAddress(List<string> failures, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        var isUri = Uri.TryCreate(value, UriKind.Absolute, out var uri);
        if (isUri && uri!.UserInfo.Length > 0)
        {
            failures.Add($"{Key(name)} holds a user name or password; it may be only an address.");
            return;
        }

        if (!isUri || uri!.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            failures.Add($"{Key(name)} is '{value}'; it may be like https://s3.example.org.");
    }
}
